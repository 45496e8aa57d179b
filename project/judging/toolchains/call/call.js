// Calls a function of the answer, and replies with its value: project/judging/call_harness.py describes both texts.
// The answer is the file named by the argument: a CommonJS module, whose functions need not be exported, or an ES module.
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");
const util = require("util");

const REPLY = 3;
const MAX_VALUE_BYTES = 64 * 1024;
const MAX_DEPTH = 90;
const MAX_TYPES = 20;
const MAX_MESSAGE = 8192;
const MAX_ITEMS = 22000; // of an iterator
const FORMS = ["$set", "$map", "$generator", "$dict"];

/** The function cannot be called, or its value cannot be sent. The message is for the learner. */
class CallFailed extends Error {}

/** Run the answer; return the function with a name, or undefined. */
async function load(file, name) {
  const source = fs.readFileSync(file, "utf8");
  if (/^(export|import)\b(?!\s*[(.])/m.test(source)) {
    fs.writeFileSync("main.mjs", source); // with this ending it is an ES module
    const exported = await import(path.resolve("main.mjs"));
    return exported[name] ?? exported.default?.[name];
  }
  const answer = new Module(file, null);
  answer.filename = file;
  answer.paths = [path.dirname(file)];
  // A direct eval in the last line finds functions that are not exported. Compiled as a module, it has source maps.
  const found = `\nreturn name => eval("typeof " + name) === "function" ? eval(name) : undefined;`;
  const find = answer._compile(source + found, file);
  const exported = answer.exports?.[name];
  return typeof exported === "function" ? exported : find?.(name);
}

/** Return the name of a form, such as {"$set": [1, 2]}; null if a value is none. */
function form(value) {
  const keys = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return keys.length === 1 && FORMS.includes(keys[0]) && Array.isArray(value[keys[0]]) ? keys[0] : null;
}

/** Return the value that JSON with forms stands for. */
function build(value) {
  if (Array.isArray(value)) return value.map(build);
  if (typeof value !== "object" || value === null) return value;
  const name = form(value);
  if (name === null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, build(item)]));
  const content = value[name].map(build);
  if (name === "$set") return new Set(content);
  if (name === "$map") return new Map(content);
  return name === "$generator" ? content.values() : Object.fromEntries(content);
}

/** The replacer of JSON.stringify, which writes forms. */
function describe(key, value) {
  const given = this[key];
  if (typeof given === "bigint" && Number.isSafeInteger(Number(given))) return Number(given);
  if (typeof given !== "object" || given === null || Array.isArray(given)) return value;
  if (ArrayBuffer.isView(given)) return [...given];
  if (given instanceof Set) return { $set: [...given] };
  if (given instanceof Map) return { $map: [...given] };
  if (typeof given.next === "function" && typeof given[Symbol.iterator] === "function") return { $generator: drawn(given) };
  return form(value) === null ? value : { $dict: Object.entries(value) };
}

function drawn(iterator) {
  const items = [];
  for (const item of iterator) {
    if (items.length === MAX_ITEMS) throw new CallFailed(`The iterator yields more than ${MAX_ITEMS} values.`);
    items.push(item);
  }
  return items;
}

/** Return a returned value as JSON. */
function written(value, name) {
  let text;
  try {
    text = JSON.stringify(value, describe);
  } catch (error) {
    throw error instanceof CallFailed ? error : new CallFailed(`The value is no JSON value: ${error.message}`);
  }
  if (text === undefined) {
    const kind = typeof value;
    throw new CallFailed(`${name} returned ${kind === "undefined" ? kind : `a ${kind}, which is no JSON value`}.`);
  }
  if (Buffer.byteLength(text) > MAX_VALUE_BYTES)
    throw new CallFailed(`The value is longer than ${MAX_VALUE_BYTES} bytes as JSON.`);
  if (depth(text) > MAX_DEPTH) throw new CallFailed("The value is nested too deeply.");
  return text;
}

/** Return how deeply arrays and objects are nested in JSON. */
function depth(text) {
  let depth = 0;
  let most = 0;
  for (const bracket of text.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/[[\]{}]/g) ?? []) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

/** Return the types and the message of what was thrown, as JSON. */
function raised(thrown) {
  const isObject = typeof thrown === "object" && thrown !== null;
  const types = [];
  for (let kind = thrown; isObject && kind !== null && kind !== Object.prototype; kind = Object.getPrototypeOf(kind))
    if (Object.hasOwn(kind, "constructor")) types.push(String(kind.constructor.name));
  const message = isObject && "message" in thrown ? thrown.message : thrown;
  return JSON.stringify({
    types: isObject ? [...types, "Object"].slice(0, MAX_TYPES) : [typeof thrown],
    message: (typeof message === "string" ? message : util.inspect(message)).slice(0, MAX_MESSAGE),
  });
}

/** Print what was thrown, without the frames of the harness. */
function print(thrown) {
  const lines = thrown instanceof Error ? String(thrown.stack).split("\n") : [`Uncaught ${util.inspect(thrown)}`];
  const own = lines.findIndex((line) => line.includes(__filename) || line.includes(" (node:"));
  console.error(lines.slice(0, own < 0 ? lines.length : own).join("\n"));
}

async function call(file, name, given) {
  const called = await load(file, name);
  if (called === undefined) throw new CallFailed(`Your answer defines no function \`${name}\`.`);
  let value;
  try {
    value = await called(...given.map(build));
  } catch (thrown) {
    print(thrown);
    return [`{"raised":${raised(thrown)}}`, 1];
  }
  return [`{"value":${written(value, name)}}`, 0];
}

async function main() {
  const request = JSON.parse(fs.readFileSync(0, "utf8"));
  let reply, status;
  try {
    [reply, status] = await call(process.argv[2], request.function, request.arguments);
  } catch (failure) {
    const isEarly = !(failure instanceof CallFailed);
    if (isEarly) print(failure);
    const failed = isEarly ? "Your answer ended with this error before the call." : failure.message;
    [reply, status] = [JSON.stringify({ failed }), 1];
  }
  fs.writeSync(REPLY, reply);
  process.exit(status);
}

main();
