// What entities do with messages by themselves: time to live, duplicate detection, rules.

import assert from "node:assert/strict";
import { DELETING, WORKS, bodies, receive, step } from "./bus.js";

step("time to live", async (bus) => {
  await bus.sender("sdk-expiring").sendMessages({ body: "stale", timeToLive: 300 });
  assert.equal((await receive(bus.deadLetters("sdk-expiring"))).deadLetterReason, "TTLExpiredException");
  return WORKS;
});

step("duplicate detection", async (bus) => {
  const sender = bus.sender("sdk-deduplicated");
  await sender.sendMessages({ body: "first", messageId: "a" });
  await sender.sendMessages({ body: "second", messageId: "a" });
  await sender.sendMessages([{ body: "third", messageId: "a" }, { body: "other", messageId: "b" }]);
  assert.deepEqual(await bodies(bus.deleting("sdk-deduplicated"), 2), ["first", "other"]);
  return WORKS;
});

step("duplicate detection of scheduled messages", async (bus) => {
  const sender = bus.sender("sdk-deduplicated");
  const due = Date.now() + 1000;
  await sender.scheduleMessages({ body: "first", messageId: "c" }, new Date(due));
  await sender.scheduleMessages({ body: "second", messageId: "c" }, new Date(due));
  await sender.sendMessages({ body: "third", messageId: "c" });
  await sender.scheduleMessages({ body: "last", messageId: "d" }, new Date(due + 1000));
  assert.deepEqual(await bodies(bus.deleting("sdk-deduplicated"), 2), ["first", "last"]);
  return WORKS;
});

const sized = (size) => ({ body: `size ${size}`, applicationProperties: { size } });

async function filtered(bus, topic, subscription) {
  await bus.sender(topic).sendMessages([3, 7, -7, 7].map(sized));
  const receiver = bus.client.createReceiver(topic, subscription, DELETING);
  assert.deepEqual(await bodies(receiver, 2), ["size 7", "size 7"]);
  return WORKS;
}

step("SQL filter on whole numbers", (bus) => filtered(bus, "sdk-sql", "large"));

step("correlation filter on whole numbers", (bus) => filtered(bus, "sdk-correlation", "sevens"));

async function names(rules) {
  const found = [];
  for await (const rule of rules.listRules()) {
    // Where there is none the SDK gives one that is undefined.
    found.push(...(rule ? [rule.name] : []));
  }
  return found;
}

step("list rules", async (bus) => {
  assert.deepEqual(await names(bus.client.createRuleManager("sdk-sql", "large")), ["by-size"]);
  return WORKS;
});

step("add and remove rules", async (bus) => {
  const rules = bus.client.createRuleManager("sdk-rules", "own");
  await rules.createRule("nines", { sqlExpression: "size = 9" });
  await rules.deleteRule("$Default");
  assert.deepEqual(await names(rules), ["nines"]);
  await bus.sender("sdk-rules").sendMessages([sized(1), sized(9)]);
  assert.deepEqual(await bodies(bus.client.createReceiver("sdk-rules", "own", DELETING), 1), ["size 9"]);
  await rules.deleteRule("nines");
  assert.deepEqual(await names(rules), []);
  return WORKS;
});
