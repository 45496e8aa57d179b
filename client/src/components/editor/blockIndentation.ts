/** Indentation by the words that open and close blocks, for languages whose CodeMirror mode has none. */

import { type IndentContext, indentService, type StreamParser } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

export interface Blocks {
  /** Matches a line after which the code is indented by one more level. */
  opens: RegExp;
  /** Matches a line that is indented by one level less than the block it ends. */
  closes: RegExp;
  /** Matches the beginning of a line for which the indentation is computed again as soon as it is typed. */
  closesOnInput: RegExp;
}

export const SHELL_BLOCKS: Blocks = {
  opens: /(?:\b(?:then|do|else|in)|[{(])\s*(?:#.*)?$/,
  closes: /^\s*(?:fi|done|esac|else|elif|[})])(?!\w)/,
  closesOnInput: /^\s*(?:fi|done|esac|else|elif|[})])$/,
};

export const OCTAVE_BLOCKS: Blocks = {
  opens:
    /^\s*(?:if|elseif|else|while|for|do|function|switch|case|otherwise|try|catch|unwind_protect|unwind_protect_cleanup)\b(?!.*\bend\w*\s*;?\s*$)/,
  closes: /^\s*(?:end\w*|elseif|else|until|case|otherwise|catch|unwind_protect_cleanup)\b/,
  closesOnInput: /^\s*(?:end\w*|elseif|else|until|case|otherwise|catch)$/,
};

export const PASCAL_BLOCKS: Blocks = {
  opens: /\b(?:begin|repeat|record|try|finally|except|of)\s*$/i,
  closes: /^\s*(?:end|until|finally|except)\b/i,
  closesOnInput: /^\s*(?:end|until|finally|except)$/i,
};

/** Return the column at which the line at a position begins: that of the previous line, or one level beside it. */
export function blockIndentation({ opens, closes }: Blocks): Extension {
  return indentService.of((context, position) => {
    const previous = previousLine(context, position);
    if (previous === null) {
      return 0;
    }
    const levels =
      (opens.test(previous.text) ? 1 : 0) - (closes.test(context.lineAt(position, 1).text) ? 1 : 0);
    return Math.max(0, previous.indentation + levels * context.unit);
  });
}

/** Return the last line before the position that is not blank. */
function previousLine(context: IndentContext, position: number) {
  let line = context.lineAt(position, 1);
  while (line.from > 0) {
    line = context.lineAt(line.from - 1, -1);
    if (line.text.trim() !== "") {
      return { text: line.text, indentation: context.lineIndent(line.from, -1) };
    }
  }
  return null;
}

/** Return the mode with the blocks' closing words. */
export function withBlocks<State>(mode: StreamParser<State>, { closesOnInput }: Blocks): StreamParser<State> {
  return { ...mode, languageData: { ...mode.languageData, indentOnInput: closesOnInput } };
}
