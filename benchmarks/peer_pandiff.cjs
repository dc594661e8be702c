// Run pandiff for `benchmarks.peers` in one process that stays; it knows nothing of Clausebook.
//
// node peer_pandiff.cjs FOLDER_OF_PANDIFF. It reads requests as lines of JSON and answers each with one line: `ms`,
// the milliseconds by the clock from two loaded Markdown texts to the DOCX file, or `error`. pandoc must be on PATH.

'use strict';

const fs = require('node:fs');
const readline = require('node:readline');
const pandiff = require(process.argv[2]);

async function answer(request) {
  const [old, revised] = [request.old, request.new].map((path) => fs.readFileSync(path, 'utf8'));
  const start = performance.now();
  await pandiff(old, revised, { from: 'markdown', output: request.out });
  return { ms: performance.now() - start };
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let found;
    try {
      found = await answer(JSON.parse(line));
    } catch (error) {
      found = { error: String(error).split('\n')[0] };
    }
    process.stdout.write(`${JSON.stringify(found)}\n`);
  }
}

main();
