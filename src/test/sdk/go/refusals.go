package main

import (
	"os"
	"regexp"
	"time"

	sb "github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus"
)

// What is refused, in time and without harm to what comes next; and what becomes of clients when the broker restarts.
func refusals() []step {
	return []step{
		{"settle with a lost lock", lostLock},
		{"send what is too large", tooLarge},
		{"send to a full queue", full},
		{"use an entity that is not there", unknownEntity},
		{"use a wrong key", wrongKey},
		{"accept a session", acceptSession},
		{"begin a transaction", func(*bus) string { return notOffered }},
		{"go on after a restart of the broker", restart},
	}
}

func lostLock(b *bus) string {
	ok(b.sender("sdk-short-lock").SendMessage(b.ctx, message("slow"), nil))
	slow, next := b.receiver("sdk-short-lock"), b.receiver("sdk-short-lock")
	lost := b.receive(slow)
	found := b.receive(next)
	refused(sb.CodeLockLost, slow.CompleteMessage(b.ctx, lost, nil))
	ok(next.CompleteMessage(b.ctx, found, nil))
	return refusal
}

// An error that is no deadline of ours, in a third of what the step has.
func refusedInTime(b *bus, call func() error) {
	start := time.Now()
	err := call()
	check(err != nil, "it was not refused")
	check(b.ctx.Err() == nil && time.Since(start) < patience, "it was not refused in time")
}

func tooLarge(b *bus) string {
	sender := b.sender(b.queue)
	large := &sb.Message{Body: make([]byte, 2<<20)}
	refusedInTime(b, func() error { return sender.SendMessage(b.ctx, large, nil) })
	ok(sender.SendMessage(b.ctx, message("fits"), nil))
	equal(b.bodies(b.deleting(b.queue), 1), []string{"fits"})
	return refusal
}

func full(b *bus) string {
	small := b.connect(os.Getenv("SERVICEBUS_SMALL_CONNECTION_STRING"))
	sender := must(small.NewSender(b.queue, nil))
	for range 10 {
		ok(sender.SendMessage(b.ctx, message("m"), nil))
	}
	refusedInTime(b, func() error { return sender.SendMessage(b.ctx, message("too much"), nil) })
	receiver := must(small.NewReceiverForQueue(b.queue, nil))
	ok(receiver.CompleteMessage(b.ctx, b.receive(receiver), nil))
	ok(sender.SendMessage(b.ctx, message("fits again"), nil))
	return refusal
}

func unknownEntity(b *bus) string {
	refused(sb.CodeNotFound, b.sender("no-such-queue").SendMessage(b.ctx, message("lost"), nil))
	_, err := b.receiver("no-such-queue").ReceiveMessages(b.ctx, 1, nil)
	refused(sb.CodeNotFound, err)
	return refusal
}

func wrongKey(b *bus) string {
	key := regexp.MustCompile("SharedAccessKey=[^;]+")
	stranger := b.connect(key.ReplaceAllString(os.Getenv("SERVICEBUS_CONNECTION_STRING"), "SharedAccessKey=d3Jvbmc="))
	sender := must(stranger.NewSender(b.queue, nil))
	refused(sb.CodeUnauthorizedAccess, sender.SendMessage(b.ctx, message("no"), nil))
	return refusal
}

func acceptSession(b *bus) string {
	refusedInTime(b, func() error {
		_, err := b.client.AcceptSessionForQueue(b.ctx, b.queue, "s", nil)
		return err
	})
	return refusal
}

func restart(b *bus) string {
	sender, receiver := b.sender(b.queue), b.receiver(b.queue)
	ok(sender.SendMessage(b.ctx, message("before"), nil))
	ok(receiver.CompleteMessage(b.ctx, b.receive(receiver), nil))
	ok(sender.SendMessage(b.ctx, message("kept"), nil))
	restartBroker()
	ok(sender.SendMessage(b.ctx, message("after"), nil))
	equal([]string{string(b.receive(receiver).Body), string(b.receive(receiver).Body)}, []string{"kept", "after"})
	return works
}
