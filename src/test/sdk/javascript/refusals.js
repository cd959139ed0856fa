// What is refused, in time and without harm to what comes next; and what becomes of clients when the broker restarts.

import assert from "node:assert/strict";
import { isServiceBusError } from "@azure/service-bus";
import { NOT_OFFERED, REFUSED, WORKS, answers, bodies, connectionString, receive, say, step } from "./bus.js";

/** Where the SDK has tried again, it collects the errors of all tries. */
async function assertRefused(code, call) {
  const refusals = await call.then(() => [], (error) => error.errors ?? [error]);
  const codes = new Set(refusals.map((error) => (isServiceBusError(error) ? error.code : String(error))));
  assert.deepEqual([...codes], [code]);
}

step("settle with a lost lock", async (bus) => {
  await bus.sender("sdk-short-lock").sendMessages({ body: "slow" });
  const slow = bus.receiver("sdk-short-lock");
  const next = bus.receiver("sdk-short-lock");
  const lost = await receive(slow);
  const found = await receive(next);
  await assertRefused("MessageLockLost", slow.completeMessage(lost));
  await next.completeMessage(found);
  return REFUSED;
});

step("send what is too large", async (bus) => {
  const sender = bus.sender();
  await assertRefused("MessageSizeExceeded", sender.sendMessages({ body: Buffer.alloc(2 << 20) }));
  await sender.sendMessages({ body: "fits" });
  assert.deepEqual(await bodies(bus.deleting(), 1), ["fits"]);
  return REFUSED;
});

step("send to a full queue", async (bus) => {
  const small = bus.connect(process.env.SERVICEBUS_SMALL_CONNECTION_STRING);
  const sender = small.createSender(bus.queue);
  for (let number = 0; number < 10; number++) {
    await sender.sendMessages({ body: `m${number}` });
  }
  await assertRefused("QuotaExceeded", sender.sendMessages({ body: "too much" }));
  const receiver = small.createReceiver(bus.queue);
  await receiver.completeMessage(await receive(receiver));
  await sender.sendMessages({ body: "fits again" });
  return REFUSED;
});

step("use an entity that is not there", async (bus) => {
  await assertRefused("MessagingEntityNotFound", bus.sender("no-such-queue").sendMessages({ body: "lost" }));
  await assertRefused("MessagingEntityNotFound", receive(bus.receiver("no-such-queue")));
  return REFUSED;
});

step("use a wrong key", async (bus) => {
  const stranger = bus.connect(connectionString.replace(/SharedAccessKey=[^;]+/, "SharedAccessKey=d3Jvbmc="));
  await assertRefused("UnauthorizedAccess", stranger.createSender(bus.queue).sendMessages({ body: "no" }));
  return REFUSED;
});

step("accept a session", async (bus) => {
  await assert.rejects(bus.client.acceptSession(bus.queue, "s"), isServiceBusError);
  return REFUSED;
});

step("begin a transaction", async () => NOT_OFFERED);

step("go on after a restart of the broker", async (bus) => {
  const sender = bus.sender();
  const receiver = bus.receiver();
  await sender.sendMessages({ body: "before" });
  await receiver.completeMessage(await receive(receiver));
  await sender.sendMessages({ body: "kept" });
  say({ please: "restart" });
  assert.equal((await answers.next()).value, "restarted");
  await sender.sendMessages({ body: "after" });
  assert.deepEqual([(await receive(receiver)).body, (await receive(receiver)).body], ["kept", "after"]);
  return WORKS;
});
