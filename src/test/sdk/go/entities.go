package main

import (
	"fmt"
	"time"

	sb "github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus"
)

// What entities do with messages by themselves: time to live, duplicate detection, rules.
func entities() []step {
	unknown := func(*bus) string { return notOffered }
	return []step{
		{"time to live", timeToLive},
		{"duplicate detection", duplicates},
		{"duplicate detection of scheduled messages", scheduledDuplicates},
		{"SQL filter on whole numbers", func(b *bus) string { return filtered(b, "sdk-sql", "large") }},
		{"correlation filter on whole numbers", func(b *bus) string { return filtered(b, "sdk-correlation", "sevens") }},
		{"list rules", unknown},
		{"add and remove rules", unknown},
	}
}

func timeToLive(b *bus) string {
	short := 300 * time.Millisecond
	stale := &sb.Message{Body: []byte("stale"), TimeToLive: &short}
	ok(b.sender("sdk-expiring").SendMessage(b.ctx, stale, nil))
	equal(text(b.receive(b.deadLetters("sdk-expiring")).DeadLetterReason), "TTLExpiredException")
	return works
}

func duplicates(b *bus) string {
	sender := b.sender("sdk-deduplicated")
	ok(sender.SendMessage(b.ctx, identified("first", "a"), nil))
	ok(sender.SendMessage(b.ctx, identified("second", "a"), nil))
	b.sendAll(sender, identified("third", "a"), identified("other", "b"))
	equal(b.bodies(b.deleting("sdk-deduplicated"), 2), []string{"first", "other"})
	return works
}

func scheduledDuplicates(b *bus) string {
	sender := b.sender("sdk-deduplicated")
	due := time.Now().Add(time.Second)
	must(sender.ScheduleMessages(b.ctx, []*sb.Message{identified("first", "c")}, due, nil))
	must(sender.ScheduleMessages(b.ctx, []*sb.Message{identified("second", "c")}, due, nil))
	ok(sender.SendMessage(b.ctx, identified("third", "c"), nil))
	must(sender.ScheduleMessages(b.ctx, []*sb.Message{identified("last", "d")}, due.Add(time.Second), nil))
	equal(b.bodies(b.deleting("sdk-deduplicated"), 2), []string{"first", "last"})
	return works
}

// Each as another of AMQP's types.
func sized(size any) *sb.Message {
	sized := message(fmt.Sprintf("size %v", size))
	sized.ApplicationProperties = map[string]any{"size": size}
	return sized
}

func filtered(b *bus, topic, subscription string) string {
	b.sendAll(b.sender(topic), sized(3), sized(int8(7)), sized(int32(-7)), sized(int64(7)), sized(uint8(7)),
		sized(uint16(7)), sized(uint32(7)), sized(uint64(7)), sized(uint32(3)))
	expected := []string{}
	for range 6 {
		expected = append(expected, "size 7")
	}
	equal(b.bodies(b.subscription(topic, subscription), 6), expected)
	return works
}
