// The steps with the unmodified JavaScript SDK; src/test/sdk/run runs them. Other suites have the same ones, by the same names and in the
// same order. Writes a line of JSON for each step, see ForeignSuite.

import { setTimeout as sleep } from "node:timers/promises";
import { Bus, say, steps } from "./bus.js";
// In the order of their steps.
import "./messages.js";
import "./entities.js";
import "./refusals.js";

const MILLIS = 30_000;

async function outcomeOf(queue, run) {
  const bus = new Bus(queue);
  const outcome = await run(bus);
  await bus.close();
  return outcome;
}

let number = 0;
for (const [capability, run] of steps) {
  number++;
  const late = { outcome: "fails", detail: `no end within ${MILLIS} ms` };
  const ended = outcomeOf(`sdk-${number}`, run).then(
    (outcome) => ({ outcome, detail: "" }),
    (failure) => ({ outcome: "fails", detail: String(failure) }),
  );
  say({ capability, ...(await Promise.race([ended, sleep(MILLIS, late)])) });
}
// What was left behind must not hold up the end.
process.exit(0);
