// What answers in TypeScript use of Node.js. The complete declarations, @types/node, would take the compiler a second.

interface Console {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  debug(...values: unknown[]): void;
  error(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  table(values: unknown): void;
  assert(condition: unknown, ...values: unknown[]): void;
  time(label?: string): void;
  timeEnd(label?: string): void;
}
declare var console: Console;

interface ReadStream extends AsyncIterable<string> {
  setEncoding(encoding: string): this;
  on(event: "data", listener: (chunk: string) => void): this;
  on(event: string, listener: (...values: any[]) => void): this;
  once(event: string, listener: (...values: any[]) => void): this;
  read(size?: number): string | null;
  resume(): this;
  pause(): this;
  pipe<Stream>(destination: Stream): Stream;
  readonly fd: 0;
}
interface WriteStream {
  write(text: string | Uint8Array, callback?: () => void): boolean;
  end(text?: string): this;
  on(event: string, listener: (...values: any[]) => void): this;
  once(event: string, listener: (...values: any[]) => void): this;
}
interface Process {
  readonly argv: string[];
  readonly env: Record<string, string | undefined>;
  readonly version: string;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
  exitCode?: number;
  exit(status?: number): never;
  nextTick(callback: (...values: any[]) => void, ...values: any[]): void;
  on(event: string, listener: (...values: any[]) => void): this;
  hrtime: { (previous?: [number, number]): [number, number]; bigint(): bigint };
  memoryUsage(): { rss: number; heapTotal: number; heapUsed: number };
  uptime(): number;
}
declare var process: Process;

interface Timeout {
  ref(): this;
  unref(): this;
}
declare function setTimeout<Values extends any[]>(
  callback: (...values: Values) => void,
  milliseconds?: number,
  ...values: Values
): Timeout;
declare function setInterval<Values extends any[]>(
  callback: (...values: Values) => void,
  milliseconds?: number,
  ...values: Values
): Timeout;
declare function setImmediate(callback: () => void): Timeout;
declare function clearTimeout(timeout?: Timeout): void;
declare function clearInterval(timeout?: Timeout): void;
declare function clearImmediate(timeout?: Timeout): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<Value>(value: Value): Value;
declare var performance: { now(): number };

interface Buffer extends Uint8Array {
  toString(encoding?: string): string;
}
declare var Buffer: {
  from(content: string | ArrayLike<number> | ArrayBuffer, encoding?: string): Buffer;
  alloc(size: number, fill?: number): Buffer;
  concat(parts: readonly Uint8Array[]): Buffer;
  byteLength(text: string, encoding?: string): number;
};
declare class TextEncoder {
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(encoding?: string);
  decode(bytes?: ArrayBuffer | ArrayBufferView): string;
}

declare var __filename: string;
declare var __dirname: string;
declare var module: { exports: any };
declare var exports: any;
declare function require(name: "fs" | "node:fs"): typeof import("fs");
declare function require(name: "readline" | "node:readline"): typeof import("readline");
declare function require(name: string): any;

declare module "fs" {
  type Options = { encoding: string; flag?: string } | string;
  export function readFileSync(file: string | number, options: Options): string;
  export function readFileSync(file: string | number): Buffer;
  export function writeFileSync(file: string | number, content: string | Uint8Array, options?: Options): void;
  export function appendFileSync(file: string | number, content: string | Uint8Array, options?: Options): void;
  export function writeSync(file: number, content: string | Uint8Array): number;
  export function existsSync(file: string): boolean;
  export function readdirSync(directory: string): string[];
  export function unlinkSync(file: string): void;
  export function createReadStream(file: string, options?: unknown): ReadStream;
  export const promises: {
    readFile(file: string, options: Options): Promise<string>;
    writeFile(file: string, content: string | Uint8Array, options?: Options): Promise<void>;
  };
}
declare module "readline" {
  export interface Interface extends AsyncIterable<string> {
    on(event: "line", listener: (line: string) => void): this;
    on(event: "close", listener: () => void): this;
    once(event: "line", listener: (line: string) => void): this;
    once(event: "close", listener: () => void): this;
    question(query: string, callback: (answer: string) => void): void;
    setPrompt(prompt: string): void;
    prompt(): void;
    close(): void;
  }
  export function createInterface(options: {
    input: ReadStream;
    output?: WriteStream;
    terminal?: boolean;
    crlfDelay?: number;
    prompt?: string;
  }): Interface;
  export function createInterface(input: ReadStream, output?: WriteStream): Interface;
}
declare module "node:fs" {
  export * from "fs";
}
declare module "node:readline" {
  export * from "readline";
}

// Of these, any use is accepted.
declare module "assert";
declare module "buffer";
declare module "crypto";
declare module "events";
declare module "fs/promises";
declare module "os";
declare module "path";
declare module "perf_hooks";
declare module "process";
declare module "readline/promises";
declare module "stream";
declare module "string_decoder";
declare module "timers/promises";
declare module "url";
declare module "util";
declare module "worker_threads";
declare module "zlib";
declare module "node:assert";
declare module "node:buffer";
declare module "node:crypto";
declare module "node:events";
declare module "node:fs/promises";
declare module "node:os";
declare module "node:path";
declare module "node:perf_hooks";
declare module "node:process";
declare module "node:readline/promises";
declare module "node:stream";
declare module "node:string_decoder";
declare module "node:timers/promises";
declare module "node:url";
declare module "node:util";
declare module "node:worker_threads";
declare module "node:zlib";
