import { writeSync } from "fs";

type Table = Record<string, number[]>;

const add = (a: number, b: number): number => a + b;
async function greet(name: string): Promise<string> { await null; return `Hé "${name}"\n\u0001`; }
function table(given: Table): Table { return { ...given, b: [0.1, 1e300, 5] }; }
function grid(size: number): number[][] { return Array(size).fill(Array(size).fill(1)); }
function maybe(value: number | null): number | null { return value; }
function negated(value: boolean): boolean { return !value; }
function printing(values: number[]): null { console.log('{"value": 7}'); return null; }
function long_text(): string { return "x".repeat(70000); }
function forever(n: number): number { return forever(n + 1) + 1; }
function leaving(): void { process.exit(0); }

class TooSmall extends RangeError {}
function checked(n: number): number {
  if (n < 0) throw new TooSmall("negative");
  return (null as any).length;
}

function with_one(values: Set<number>): Set<number> { return new Set([...values, 1]); }
function* counting(values: number[]): Iterable<number> { yield* values; }
function nothing(): void {}
export function exported(): number { return 7; }
export function forging(reply: string): void { writeSync(3, reply); process.exit(0); }
