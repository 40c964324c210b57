// Runs Runway's official SDK against the sandbox at the address given and prints one JSON object.
import RunwayML, { TaskFailedError } from "@runwayml/sdk";
import { readFile } from "node:fs/promises";

// The SDK sleeps about six seconds before each look at a task; nothing else here waits that long.
const patient = globalThis.setTimeout;
globalThis.setTimeout = (call, ms, ...rest) => patient(call, ms > 2000 && ms < 15000 ? 50 : ms, ...rest);

const [baseURL, picture] = process.argv.slice(2);
const client = new RunwayML({ apiKey: "key_js", baseURL, maxRetries: 0 });
const told = {};

async function refusal(name, call) {
  try {
    await call();
    told[name] = null;
  } catch (error) {
    told[name] = { kind: error.constructor.name, status: error.status ?? null, message: error.error?.error ?? null };
  }
}

async function finished(id) {
  for (;;) {
    const task = await client.tasks.retrieve(id);
    if (["SUCCEEDED", "FAILED"].includes(task.status)) return task;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function knobs(patch) {
  const answer = await fetch(`${baseURL}/_sandbox/knobs`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(patch),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

const file = new File([await readFile(picture)], "cup.png", { type: "image/png" });
const upload = await client.uploads.createEphemeral({ file });
told.upload = upload.uri;
const bare = new File([await readFile(picture)], "bare.png");
told.bareUpload = (await client.uploads.createEphemeral({ file: bare })).uri;

const wanted = {
  model: "gen4_image",
  promptText: "@cup on a table",
  ratio: "1280:720",
  seed: 7,
  referenceImages: [{ uri: upload.uri, tag: "cup" }],
};
const made = await client.textToImage.create(wanted);
told.created = { id: made.id, keys: Object.keys(made).sort() };
const task = await finished(made.id);
const bytes = new Uint8Array(await (await fetch(task.output[0])).arrayBuffer());
told.task = { status: task.status, cost: task.cost, bytes: bytes.length, magic: [...bytes.slice(0, 4)] };

const waited = await client.textToImage.create({ ...wanted, seed: 8 }).waitForTaskOutput();
told.waited = waited.status;
await knobs({ fail_next: 1 });
try {
  await client.textToImage.create({ ...wanted, seed: 9 }).waitForTaskOutput();
} catch (error) {
  told.failed = { is: error instanceof TaskFailedError, code: error.taskDetails.failureCode };
}

await client.tasks.delete(made.id);
await refusal("deletedTwice", () => client.tasks.delete(made.id));
await refusal("gone", () => client.tasks.retrieve(made.id));
await refusal("badRatio", () => client.textToImage.create({ ...wanted, ratio: "1:1" }));
await refusal("noKey", () => new RunwayML({ apiKey: " ", baseURL, maxRetries: 0 }).organization.retrieve());
await knobs({ refuse_next: 1, refuse_status: 429 });
await refusal("crowded", () => client.textToImage.create(wanted));
await knobs({ refuse_next: 1, refuse_status: 503 });
await refusal("down", () => client.textToImage.create(wanted));
await knobs({ lose_next: 1 });
await refusal("lost", () => client.textToImage.create({ ...wanted, seed: 10 }));

const organization = await client.organization.retrieve();
told.organization = Object.keys(organization).sort();
const usage = await client.organization.retrieveUsage({ startDate: "2026-01-01", beforeDate: "2026-01-03" });
told.usage = usage.results.map((row) => row.date);
console.log(JSON.stringify(told));
