/** The editor's support for each language of exercises. The code of each is loaded when it is first needed. */

import { indentUnit, StreamLanguage } from "@codemirror/language";
import { type Extension, Prec } from "@codemirror/state";
import {
  type Blocks,
  blockIndentation,
  OCTAVE_BLOCKS,
  PASCAL_BLOCKS,
  SHELL_BLOCKS,
  withBlocks,
} from "./blockIndentation";

interface CodeLanguage {
  /** One level of indentation, as is customary in the language. */
  indent: string;
  load: () => Promise<Extension>;
}

type Mode = Parameters<typeof StreamLanguage.define>[0];

const FOUR_SPACES = "    ";
const TWO_SPACES = "  ";

const python = async () => (await import("@codemirror/lang-python")).python();
const javascript = async () => (await import("@codemirror/lang-javascript")).javascript();

const CODE_LANGUAGES: Record<string, CodeLanguage> = {
  python: { indent: FOUR_SPACES, load: python },
  python3: { indent: FOUR_SPACES, load: python },
  javascript: { indent: TWO_SPACES, load: javascript },
  typescript: {
    indent: TWO_SPACES,
    load: async () => (await import("@codemirror/lang-javascript")).javascript({ typescript: true }),
  },
  nodejs: { indent: TWO_SPACES, load: javascript },
  c: {
    indent: FOUR_SPACES,
    load: async () => (await import("@codemirror/lang-cpp")).cpp(),
  },
  cpp: {
    indent: FOUR_SPACES,
    load: async () => (await import("@codemirror/lang-cpp")).cpp(),
  },
  java: {
    indent: FOUR_SPACES,
    load: async () => (await import("@codemirror/lang-java")).java(),
  },
  csharp: {
    indent: FOUR_SPACES,
    load: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/clike")).csharp),
  },
  go: {
    indent: "\t",
    load: async () => (await import("@codemirror/lang-go")).go(),
  },
  rust: {
    indent: FOUR_SPACES,
    load: async () => (await import("@codemirror/lang-rust")).rust(),
  },
  php: {
    indent: FOUR_SPACES,
    load: async () => (await import("@codemirror/lang-php")).php(),
  },
  lua: {
    indent: TWO_SPACES,
    load: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/lua")).lua),
  },
  ruby: {
    indent: TWO_SPACES,
    load: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/ruby")).ruby),
  },
  sql: {
    indent: TWO_SPACES,
    load: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/sql")).sqlite),
  },
  bash: {
    indent: TWO_SPACES,
    load: async () =>
      blockLanguage((await import("@codemirror/legacy-modes/mode/shell")).shell, SHELL_BLOCKS),
  },
  octave: {
    indent: TWO_SPACES,
    load: async () =>
      blockLanguage((await import("@codemirror/legacy-modes/mode/octave")).octave, OCTAVE_BLOCKS),
  },
  pascal: {
    indent: TWO_SPACES,
    load: async () =>
      blockLanguage((await import("@codemirror/legacy-modes/mode/pascal")).pascal, PASCAL_BLOCKS),
  },
};

function blockLanguage(mode: Mode, blocks: Blocks): Extension {
  return [StreamLanguage.define(withBlocks(mode, blocks)), Prec.high(blockIndentation(blocks))];
}

/** Return the language's indentation, which needs no loading. An unknown language is indented by four spaces. */
export function indentation(language: string): Extension {
  return indentUnit.of(CODE_LANGUAGES[language]?.indent ?? FOUR_SPACES);
}

/** Load what highlights and indents a language. An unknown language gets nothing. */
export async function loadCodeLanguage(language: string): Promise<Extension> {
  return (await CODE_LANGUAGES[language]?.load()) ?? [];
}
