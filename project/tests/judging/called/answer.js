const fs = require("fs");

const add = (a, b) => a + b;
async function greet(name) { await null; return `Hé "${name}"\n\u0001`; }
function table(given) { return { ...given, b: [0.1, 1e300, 5] }; }
function grid(size) { return Array(size).fill(Array(size).fill(1)); }
function maybe(value) { return value; }
function negated(value) { return !value; }
function divided(a, b) { return a / b; }
function printing() { console.log('{"value": 7}'); return null; }
function long_text() { return "x".repeat(70000); }
function forever(n) { return forever(n + 1) + 1; }
function leaving() { process.exit(0); }

class TooSmall extends RangeError {}
function checked(n) {
  if (n < 0) throw new TooSmall("negative");
  if (n === 0) throw "zero";
  return null.length;
}

function with_one(values) { return new Set([...values, 1]); }
function* counting(values) { yield* values; }
function endless() { const list = []; list.push(list); return list; }
function nothing() {}
function never() { return new Promise(() => {}); }
function forging(reply) { fs.writeSync(3, reply); process.exit(0); }
exports.exported = () => 7;
if (require.main === module) throw new Error("It is not the main program.");
