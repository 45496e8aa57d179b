import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "..");
const paths = readdirSync(SRC, { recursive: true, encoding: "utf8" }).map((path) => join(SRC, path));
const components = paths.filter((path) => path.endsWith(".tsx"));
const modules = paths.filter((path) => path.endsWith(".module.css"));
const read = (path: string) => readFileSync(path, "utf8");

function definedClasses(css: string): Set<string> {
  const selectors = css
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\{[^{}]*\}/g, "{}")
    .replace(/:global\([^)]*\)/g, "");
  return new Set([...selectors.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name]) => name ?? ""));
}

/** The CSS module that a component imports as `styles`, if it does. */
function moduleOf(component: string): string | undefined {
  const [, specifier] = read(component).match(/import styles from "(.*)"/) ?? [];
  return specifier && join(dirname(component), specifier);
}

test("a component uses only classes that its CSS module defines", () => {
  const undefinedClasses = components.flatMap((component) => {
    const module = moduleOf(component);
    const defined = module ? definedClasses(read(module)) : new Set();
    return [...read(component).matchAll(/\bstyles\.(\w+)/g)]
      .map(([, name]) => name)
      .filter((name) => !defined.has(name))
      .map((name) => `${relative(SRC, component)}: ${name}`);
  });
  expect(undefinedClasses).toEqual([]);
});

test("a CSS module has no class that no component uses", () => {
  const unused = modules.flatMap((module) => {
    const users = components.filter((component) => moduleOf(component) === module).map(read);
    const used = (name: string) => users.some((code) => new RegExp(`\\bstyles\\.${name}\\b`).test(code));
    return [...definedClasses(read(module))]
      .filter((name) => !used(name))
      .map((name) => `${relative(SRC, module)}: ${name}`);
  });
  expect(unused).toEqual([]);
});

test("a class that stands in a string is one of the global styles", () => {
  const globalStyles = paths.filter((path) => path.startsWith(join(SRC, "styles")) && path.endsWith(".css"));
  const defined = definedClasses(globalStyles.map(read).join("\n"));
  const undefinedClasses = components.flatMap((component) =>
    [...read(component).matchAll(/\bclassName="([^"]*)"/g)]
      .flatMap(([, names = ""]) => names.split(" "))
      .filter((name) => !defined.has(name))
      .map((name) => `${relative(SRC, component)}: ${name}`),
  );
  expect(undefinedClasses).toEqual([]);
});
