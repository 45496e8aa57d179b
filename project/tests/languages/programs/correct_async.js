// expect: accepted
const readline = require("node:readline/promises");

async function main() {
  const lines = readline.createInterface({ input: process.stdin });
  for await (const line of lines) {
    const numbers = line.split(" ").map(BigInt);
    await new Promise((resolve) => setTimeout(resolve, 1));
    console.log(`${numbers[0] + numbers[1]}`);
  }
}

main();
