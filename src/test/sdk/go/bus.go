package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"time"

	sb "github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus"
)

const patience = 10 * time.Second

// Clients of one step, and its own queue. A step ends by the panic of must and of the checks where something is wrong.
type bus struct {
	ctx    context.Context
	queue  string
	opened []*sb.Client
	client *sb.Client
}

func newBus(ctx context.Context, queue string) *bus {
	b := &bus{ctx: ctx, queue: queue}
	b.client = b.connect(os.Getenv("SERVICEBUS_CONNECTION_STRING"))
	return b
}

func (b *bus) connect(to string) *sb.Client {
	retries := sb.RetryOptions{MaxRetries: 3, RetryDelay: 200 * time.Millisecond, MaxRetryDelay: time.Second}
	client := must(sb.NewClientFromConnectionString(to, &sb.ClientOptions{RetryOptions: retries}))
	b.opened = append(b.opened, client)
	return client
}

func (b *bus) close() {
	for _, client := range b.opened {
		ok(client.Close(b.ctx))
	}
}

func (b *bus) sender(entity string) *sb.Sender {
	return must(b.client.NewSender(entity, nil))
}

func (b *bus) send(body string) {
	ok(b.sender(b.queue).SendMessage(b.ctx, message(body), nil))
}

func (b *bus) sendAll(sender *sb.Sender, messages ...*sb.Message) {
	batch := must(sender.NewMessageBatch(b.ctx, nil))
	for _, message := range messages {
		ok(batch.AddMessage(message, nil))
	}
	ok(sender.SendMessageBatch(b.ctx, batch, nil))
}

func (b *bus) receiver(queue string) *sb.Receiver {
	return must(b.client.NewReceiverForQueue(queue, nil))
}

func (b *bus) deleting(queue string) *sb.Receiver {
	options := &sb.ReceiverOptions{ReceiveMode: sb.ReceiveModeReceiveAndDelete}
	return must(b.client.NewReceiverForQueue(queue, options))
}

func (b *bus) subscription(topic, subscription string) *sb.Receiver {
	options := &sb.ReceiverOptions{ReceiveMode: sb.ReceiveModeReceiveAndDelete}
	return must(b.client.NewReceiverForSubscription(topic, subscription, options))
}

func (b *bus) deadLetters(queue string) *sb.Receiver {
	return must(b.client.NewReceiverForQueue(queue, &sb.ReceiverOptions{SubQueue: sb.SubQueueDeadLetter}))
}

// The SDK may return nothing at all where a connection is lost.
func (b *bus) receive(receiver *sb.Receiver) *sb.ReceivedMessage {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		if received := must(receiver.ReceiveMessages(ctx, 1, nil)); len(received) > 0 {
			return received[0]
		}
	}
}

func (b *bus) peek(receiver *sb.Receiver, count int) []string {
	return texts(must(receiver.PeekMessages(b.ctx, count, &sb.PeekMessagesOptions{FromSequenceNumber: new(int64)})))
}

func (b *bus) completed(receiver *sb.Receiver, message *sb.ReceivedMessage) string {
	ok(receiver.CompleteMessage(b.ctx, message, nil))
	equal(b.peek(receiver, 1), []string{})
	return works
}

// Of so many messages; a step fails where they do not come in time.
func (b *bus) bodies(receiver *sb.Receiver, count int) []string {
	found := []string{}
	for len(found) < count {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		received, err := receiver.ReceiveMessages(ctx, count-len(found), nil)
		cancel()
		if err != nil {
			panic(fmt.Errorf("after %v: %w", found, err))
		}
		found = append(found, texts(received)...)
	}
	return found
}

func texts(messages []*sb.ReceivedMessage) []string {
	found := []string{}
	for _, message := range messages {
		found = append(found, string(message.Body))
	}
	return found
}

func message(body string) *sb.Message {
	return &sb.Message{Body: []byte(body)}
}

func identified(body, id string) *sb.Message {
	return &sb.Message{Body: []byte(body), MessageID: &id}
}

func must[T any](value T, err error) T {
	ok(err)
	return value
}

func ok(err error) {
	if err != nil {
		panic(err)
	}
}

func equal(got, expected any) {
	if !reflect.DeepEqual(got, expected) {
		panic(fmt.Errorf("expected %v, got %v", expected, got))
	}
}

func check(condition bool, otherwise string) {
	if !condition {
		panic(errors.New(otherwise))
	}
}

func refused(code sb.Code, err error) {
	var refusal *sb.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		panic(fmt.Errorf("expected to be refused with %v, got %v", code, err))
	}
}

func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}
