package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	sb "github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus"
)

// Sending, receiving and settling in a plain queue.
func messages() []step {
	unknown := func(*bus) string { return notOffered }
	return []step{
		{"send", send},
		{"send without a message id", sendWithoutID},
		{"send a batch", sendBatch},
		{"schedule, cancel", schedule},
		{"value and sequence bodies", otherBodies},
		{"receive and delete", receiveAndDelete},
		{"peek-lock, complete", complete},
		{"abandon", abandon},
		{"defer, receive by sequence number, settle", deferMessage},
		{"dead-letter, receive there, settle", deadLetter},
		{"abandon in the dead-letter queue", abandonDeadLetter},
		{"renew a lock", renew},
		{"settle by lock token alone", settleByToken},
		{"peek", peek},
		{"receive nothing in time, then a message", receiveNothing},
		{"handle messages as they come", unknown},
	}
}

func send(b *bus) string {
	id, correlation, subject, contentType := "id", "correlation", "subject", "text/plain"
	properties := map[string]any{"text": "t", "whole": int64(7), "real": 1.5, "flag": true, "date": time.Unix(1_700_000_000, 0)}
	ok(b.sender(b.queue).SendMessage(b.ctx, &sb.Message{Body: []byte("body"), MessageID: &id, CorrelationID: &correlation,
		Subject: &subject, ContentType: &contentType, ApplicationProperties: properties}, nil))
	got := b.receive(b.receiver(b.queue))
	found := []string{string(got.Body), got.MessageID, text(got.CorrelationID), text(got.Subject), text(got.ContentType)}
	equal(found, []string{"body", id, correlation, subject, contentType})
	got.ApplicationProperties["date"] = got.ApplicationProperties["date"].(time.Time).Local()
	equal(got.ApplicationProperties, properties)
	return works
}

func sendWithoutID(b *bus) string {
	b.send("no id")
	receiver := b.receiver(b.queue)
	got := b.receive(receiver)
	check(got.MessageID != "", "the message has no id")
	return b.completed(receiver, got)
}

func sendBatch(b *bus) string {
	sent := []string{}
	messages := []*sb.Message{}
	for number := range 20 {
		sent = append(sent, fmt.Sprintf("m%d", number))
		messages = append(messages, message(sent[number]))
	}
	b.sendAll(b.sender(b.queue), messages...)
	equal(b.bodies(b.deleting(b.queue), 20), sent)
	return works
}

func schedule(b *bus) string {
	sender := b.sender(b.queue)
	due := time.Now().Add(time.Second)
	must(sender.ScheduleMessages(b.ctx, []*sb.Message{message("then")}, due, nil))
	never := must(sender.ScheduleMessages(b.ctx, []*sb.Message{message("never")}, due, nil))
	ok(sender.CancelScheduledMessages(b.ctx, never, nil))
	receiver := b.receiver(b.queue)
	got := b.receive(receiver)
	equal(string(got.Body), "then")
	check(!got.EnqueuedTime.Before(due.Truncate(time.Second)), "it came too early")
	return b.completed(receiver, got)
}

func otherBodies(b *bus) string {
	sender := b.sender(b.queue)
	value := &sb.AMQPAnnotatedMessage{Body: sb.AMQPAnnotatedMessageBody{Value: "value"}}
	ok(sender.SendAMQPAnnotatedMessage(b.ctx, value, nil))
	sequence := &sb.AMQPAnnotatedMessage{Body: sb.AMQPAnnotatedMessageBody{Sequence: [][]any{{"a", int64(7)}}}}
	ok(sender.SendAMQPAnnotatedMessage(b.ctx, sequence, nil))
	receiver := b.deleting(b.queue)
	equal(b.receive(receiver).RawAMQPMessage.Body, value.Body)
	equal(b.receive(receiver).RawAMQPMessage.Body, sequence.Body)
	return works
}

func receiveAndDelete(b *bus) string {
	b.send("once")
	receiver := b.deleting(b.queue)
	equal(b.bodies(receiver, 1), []string{"once"})
	equal(b.peek(receiver, 1), []string{})
	return works
}

func complete(b *bus) string {
	b.send("once")
	receiver := b.receiver(b.queue)
	got := b.receive(receiver)
	check(got.LockedUntil.After(time.Now()), "it is not locked")
	equal(b.peek(receiver, 1), []string{"once"})
	return b.completed(receiver, got)
}

func abandon(b *bus) string {
	b.send("again")
	receiver := b.receiver(b.queue)
	first := b.receive(receiver)
	ok(receiver.AbandonMessage(b.ctx, first, nil))
	second := b.receive(receiver)
	equal(second.DeliveryCount, first.DeliveryCount+1)
	return b.completed(receiver, second)
}

func deferMessage(b *bus) string {
	b.send("later")
	receiver := b.receiver(b.queue)
	first := b.receive(receiver)
	ok(receiver.DeferMessage(b.ctx, first, nil))
	deferred := must(receiver.ReceiveDeferredMessages(b.ctx, []int64{*first.SequenceNumber}, nil))
	equal(texts(deferred), []string{"later"})
	return b.completed(receiver, deferred[0])
}

// A message of the dead-letter queue, as a receiver of that has it.
func dead(b *bus, deadLetters *sb.Receiver) *sb.ReceivedMessage {
	b.send("bad")
	receiver := b.receiver(b.queue)
	reason, description := "why", "because"
	options := &sb.DeadLetterOptions{Reason: &reason, ErrorDescription: &description}
	ok(receiver.DeadLetterMessage(b.ctx, b.receive(receiver), options))
	return b.receive(deadLetters)
}

func deadLetter(b *bus) string {
	deadLetters := b.deadLetters(b.queue)
	got := dead(b, deadLetters)
	found := []string{string(got.Body), text(got.DeadLetterReason), text(got.DeadLetterErrorDescription)}
	equal(found, []string{"bad", "why", "because"})
	return b.completed(deadLetters, got)
}

func abandonDeadLetter(b *bus) string {
	deadLetters := b.deadLetters(b.queue)
	got := dead(b, deadLetters)
	ok(deadLetters.AbandonMessage(b.ctx, got, nil))
	again := b.receive(deadLetters)
	equal(again.DeliveryCount, got.DeliveryCount)
	return b.completed(deadLetters, again)
}

func renew(b *bus) string {
	ok(b.sender("sdk-short-lock").SendMessage(b.ctx, message("careful"), nil))
	receiver := b.receiver("sdk-short-lock")
	got := b.receive(receiver)
	firstEnd := *got.LockedUntil
	for !time.Now().After(firstEnd) {
		ok(receiver.RenewMessageLock(b.ctx, got, nil))
		check(!got.LockedUntil.Before(firstEnd), "the lock did not become longer")
		time.Sleep(500 * time.Millisecond)
	}
	return b.completed(receiver, got)
}

// By a client that has not received it, as one does after its process was restarted.
func settleByToken(b *bus) string {
	b.send("once")
	got := b.receive(b.receiver(b.queue))
	return b.completed(b.receiver(b.queue), &sb.ReceivedMessage{LockToken: got.LockToken})
}

func peek(b *bus) string {
	for _, body := range []string{"a", "b", "c"} {
		b.send(body)
	}
	equal(b.peek(b.receiver(b.queue), 3), []string{"a", "b", "c"})
	equal(b.bodies(b.deleting(b.queue), 3), []string{"a", "b", "c"})
	return works
}

func receiveNothing(b *bus) string {
	receiver := b.receiver(b.queue)
	ctx, cancel := context.WithTimeout(b.ctx, 500*time.Millisecond)
	defer cancel()
	_, err := receiver.ReceiveMessages(ctx, 1, nil)
	check(errors.Is(err, context.DeadlineExceeded), "the receive did not end by its deadline")
	b.send("late")
	got := b.receive(receiver)
	// The SDK counts from 1.
	equal(got.DeliveryCount, uint32(1))
	return b.completed(receiver, got)
}
