"""JavaScript's half of `forms`: what calls are made with. Nothing of it is hidden from the answer.

Each part is parsed when it is needed first, since that takes as long as a small answer.
"""

import json
from typing import Any

from ..forms import FORMS, MAX_ITEMS

_FORM = """
    const NAMES = new Set(%s);
    const form = value => {
        const keys = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
        return keys.length === 1 && NAMES.has(keys[0]) && Array.isArray(value[keys[0]]) ? keys[0] : null;
    };
""" % list(FORMS)  # noqa: UP031 - braces are JavaScript's
# Makes the value that JSON with forms stands for.
BUILD = f"""
Object.defineProperty(globalThis, "__build", {{ value: (() => {{
    {_FORM}
    const build = value => {{
        if (Array.isArray(value)) return value.map(build);
        if (typeof value !== "object" || value === null) return value;
        const name = form(value), content = name === null ? null : value[name].map(build);
        if (name === "$set") return new Set(content);
        if (name === "$map") return new Map(content);
        if (name === "$generator") return content.values();
        const entries = name === "$dict" ? content : Object.entries(value).map(([key, item]) => [key, build(item)]);
        return Object.fromEntries(entries);
    }};
    return build;
}})() }});
"""
# JSON.stringify's replacer, which writes forms.
DESCRIBE = f"""
Object.defineProperty(globalThis, "__describe", {{ value: (() => {{
    {_FORM}
    const drawn = iterator => {{
        const items = [];
        for (const item of iterator) {{
            if (items.length === {MAX_ITEMS}) throw new RangeError("The iterator yields more than {MAX_ITEMS} values.");
            items.push(item);
        }}
        return items;
    }};
    return function (key, value) {{
        const given = this[key];
        if (typeof given !== "object" || given === null || Array.isArray(given)) return value;
        if (given instanceof Set) return {{ $set: [...given] }};
        if (given instanceof Map) return {{ $map: [...given] }};
        if (typeof given.next === "function" && typeof given[Symbol.iterator] === "function")
            return {{ $generator: drawn(given) }};
        if (form(value) !== null) return {{ $dict: Object.entries(value) }};
        return value;
    }};
}})() }});
"""
THROWN = 'globalThis[Symbol.for("thrown")]'  # an array with what was thrown last
# The types and the message of what was thrown, as JSON.
NOTED = f"""
(() => {{
    if (!Array.isArray({THROWN})) return "null";
    const [thrown] = {THROWN};
    {THROWN} = null;
    const types = [];
    for (let kind = thrown; kind !== null && kind !== Object.prototype; kind = Object.getPrototypeOf(kind))
        if (Object.hasOwn(kind, "constructor")) types.push(String(kind.constructor.name));
    const isObject = typeof thrown === "object" && thrown !== null;
    const message = isObject && "message" in thrown ? thrown.message : thrown;
    return JSON.stringify({{
        types: isObject ? types.slice(0, 20) : [typeof thrown],
        message: String(message).toWellFormed().slice(0, 8192),
    }});
}})()
"""


def has_forms(value: Any) -> bool:
    """Whether JSON may hold forms."""
    return "$" in json.dumps(value)
