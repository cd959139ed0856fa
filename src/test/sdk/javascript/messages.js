// Sending, receiving and settling in a plain queue.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { NOT_OFFERED, WORKS, assertGone, bodies, completed, receive, step } from "./bus.js";

step("send", async (bus) => {
  const sent = {
    body: "body",
    messageId: "id",
    correlationId: "correlation",
    subject: "subject",
    contentType: "text/plain",
    applicationProperties: { text: "t", whole: 7, real: 1.5, flag: true, date: new Date(1_700_000_000_000) },
  };
  await bus.sender().sendMessages(sent);
  const { body, messageId, correlationId, subject, contentType, applicationProperties } = await receive(bus.receiver());
  // The SDK gives dates back as the numbers they are on the wire.
  applicationProperties.date = new Date(applicationProperties.date);
  assert.deepEqual({ body, messageId, correlationId, subject, contentType, applicationProperties }, sent);
  return WORKS;
});

step("send without a message id", async (bus) => {
  await bus.send("no id");
  const receiver = bus.receiver();
  const message = await receive(receiver);
  assert.ok(message.messageId, "the message has no id");
  return completed(receiver, message);
});

step("send a batch", async (bus) => {
  const sender = bus.sender();
  const batch = await sender.createMessageBatch();
  const sent = Array.from({ length: 20 }, (_, number) => `m${number}`);
  sent.forEach((body) => batch.tryAddMessage({ body }));
  await sender.sendMessages(batch);
  assert.deepEqual(await bodies(bus.deleting(), 20), sent);
  return WORKS;
});

step("schedule, cancel", async (bus) => {
  const sender = bus.sender();
  const due = new Date(Date.now() + 1000);
  await sender.scheduleMessages({ body: "then" }, due);
  await sender.cancelScheduledMessages(await sender.scheduleMessages({ body: "never" }, due));
  const receiver = bus.receiver();
  const message = await receive(receiver);
  assert.equal(message.body, "then");
  assert.ok(message.enqueuedTimeUtc >= Math.floor(due / 1000) * 1000, "it came too early");
  return completed(receiver, message);
});

step("value and sequence bodies", async (bus) => {
  const sender = bus.sender();
  await sender.sendMessages({ body: "value", bodyType: "value" });
  await sender.sendMessages({ body: ["a", 7], bodyType: "sequence" });
  const receiver = bus.deleting();
  const value = await receive(receiver);
  const sequence = await receive(receiver);
  assert.deepEqual([value.body, value._rawAmqpMessage.bodyType], ["value", "value"]);
  assert.deepEqual([sequence.body, sequence._rawAmqpMessage.bodyType], [["a", 7], "sequence"]);
  return WORKS;
});

step("receive and delete", async (bus) => {
  await bus.send("once");
  const receiver = bus.deleting();
  await assertGone(receiver, await receive(receiver));
  return WORKS;
});

step("peek-lock, complete", async (bus) => {
  await bus.send("once");
  const receiver = bus.receiver();
  const message = await receive(receiver);
  assert.ok(message.lockedUntilUtc > new Date(), "it is not locked");
  assert.equal((await receiver.peekMessages(1)).length, 1);
  return completed(receiver, message);
});

step("abandon", async (bus) => {
  await bus.send("again");
  const receiver = bus.receiver();
  const first = await receive(receiver);
  await receiver.abandonMessage(first);
  const second = await receive(receiver);
  assert.equal(second.deliveryCount, first.deliveryCount + 1);
  return completed(receiver, second);
});

step("defer, receive by sequence number, settle", async (bus) => {
  await bus.send("later");
  const receiver = bus.receiver();
  const first = await receive(receiver);
  await receiver.deferMessage(first);
  const [deferred] = await receiver.receiveDeferredMessages(first.sequenceNumber);
  assert.equal(deferred.body, "later");
  return completed(receiver, deferred);
});

/** A message of the dead-letter queue, as a receiver of that has it. */
async function dead(bus, deadLetters) {
  await bus.send("bad");
  const receiver = bus.receiver();
  const options = { deadLetterReason: "why", deadLetterErrorDescription: "because" };
  await receiver.deadLetterMessage(await receive(receiver), options);
  return receive(deadLetters);
}

step("dead-letter, receive there, settle", async (bus) => {
  const deadLetters = bus.deadLetters();
  const message = await dead(bus, deadLetters);
  const { body, deadLetterReason, deadLetterErrorDescription } = message;
  assert.deepEqual([body, deadLetterReason, deadLetterErrorDescription], ["bad", "why", "because"]);
  return completed(deadLetters, message);
});

step("abandon in the dead-letter queue", async (bus) => {
  const deadLetters = bus.deadLetters();
  const message = await dead(bus, deadLetters);
  await deadLetters.abandonMessage(message);
  const again = await receive(deadLetters);
  assert.equal(again.deliveryCount, message.deliveryCount);
  return completed(deadLetters, again);
});

step("renew a lock", async (bus) => {
  await bus.sender("sdk-short-lock").sendMessages({ body: "careful" });
  const receiver = bus.receiver("sdk-short-lock");
  const message = await receive(receiver);
  const firstEnd = message.lockedUntilUtc;
  while (new Date() <= firstEnd) {
    assert.ok((await receiver.renewMessageLock(message)) >= firstEnd, "the lock did not become longer");
    await sleep(500);
  }
  return completed(receiver, message);
});

step("settle by lock token alone", async () => NOT_OFFERED);

step("peek", async (bus) => {
  for (const body of ["a", "b", "c"]) {
    await bus.send(body);
  }
  const peeked = await bus.receiver().peekMessages(3);
  assert.deepEqual(peeked.map((message) => message.body), ["a", "b", "c"]);
  assert.deepEqual(await bodies(bus.deleting(), 3), ["a", "b", "c"]);
  return WORKS;
});

step("receive nothing in time, then a message", async (bus) => {
  const receiver = bus.receiver();
  assert.deepEqual(await receiver.receiveMessages(1, { maxWaitTimeInMs: 500 }), []);
  await bus.send("late");
  const message = await receive(receiver);
  assert.equal(message.deliveryCount, 0);
  return completed(receiver, message);
});

step("handle messages as they come", async (bus) => {
  const sent = Array.from({ length: 50 }, (_, number) => `m${number}`);
  await bus.sender().sendMessages(sent.map((body) => ({ body })));
  const receiver = bus.receiver();
  const handled = [];
  await new Promise((resolve, reject) => {
    const processMessage = async (message) => {
      handled.push(message.body);
      if (handled.length >= sent.length) {
        resolve();
      }
    };
    receiver.subscribe({ processMessage, processError: async ({ error }) => reject(error) });
  });
  // The last ones are being completed; a receiver that has not peeked yet begins with the first.
  while ((await bus.receiver().peekMessages(1)).length > 0) {
    await sleep(50);
  }
  assert.deepEqual(handled, sent);
  return WORKS;
});
