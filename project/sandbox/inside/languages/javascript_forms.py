"""JavaScript's half of `forms`: what calls are made with. Nothing of it is hidden from the answer."""

from ..forms import FORMS, MAX_ITEMS

FUNCTIONS = """
((NAMES, MOST) => {
    const define = (name, value) => Object.defineProperty(globalThis, name, { value });
    const form = value => {
        const keys = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
        return keys.length === 1 && NAMES.has(keys[0]) && Array.isArray(value[keys[0]]) ? keys[0] : null;
    };
    const build = value => {
        if (Array.isArray(value)) return value.map(build);
        if (typeof value !== "object" || value === null) return value;
        const name = form(value), content = name === null ? null : value[name].map(build);
        if (name === "$set") return new Set(content);
        if (name === "$map") return new Map(content);
        if (name === "$generator") return content.values();
        const entries = name === "$dict" ? content : Object.entries(value).map(([key, item]) => [key, build(item)]);
        return Object.fromEntries(entries);
    };
    const drawn = iterator => {
        const items = [];
        for (const item of iterator) {
            if (items.length === MOST) throw new RangeError(`The iterator yields more than ${MOST} values.`);
            items.push(item);
        }
        return items;
    };
    function describe(key, value) {
        const given = this[key];
        if (typeof given !== "object" || given === null || Array.isArray(given)) return value;
        if (given instanceof Set) return { $set: [...given] };
        if (given instanceof Map) return { $map: [...given] };
        if (typeof given.next === "function" && typeof given[Symbol.iterator] === "function")
            return { $generator: drawn(given) };
        if (form(value) !== null) return { $dict: Object.entries(value) };
        return value;
    }
    const types = thrown => {
        const names = [];
        for (let kind = thrown; kind !== null && kind !== Object.prototype; kind = Object.getPrototypeOf(kind))
            if (Object.hasOwn(kind, "constructor")) names.push(String(kind.constructor.name));
        return names;
    };
    let noted = "null";
    define("__build", build);
    define("__describe", describe);
    define("__note", thrown => {
        const isObject = typeof thrown === "object" && thrown !== null;
        const message = isObject && "message" in thrown ? thrown.message : thrown;
        noted = JSON.stringify({
            types: isObject ? types(thrown).slice(0, 20) : [typeof thrown],
            message: String(message).toWellFormed().slice(0, 8192),
        });
    });
    define("__noted", () => { const last = noted; noted = "null"; return last; });
})
"""
FORMS_PRELUDE = f"{FUNCTIONS.strip()}(new Set({list(FORMS)}), {MAX_ITEMS});"
