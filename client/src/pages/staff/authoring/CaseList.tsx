import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Grading } from "../../../api/schema";
import { FieldError } from "../../../components/FieldError";
import { LiveStatus } from "../../../components/LiveStatus";
import { Select } from "../../../components/Select";
import { TextArea } from "../../../components/TextArea";
import { languagesQuery } from "../../../queries/languages";
import { CaseCard } from "./CaseCard";
import styles from "./CaseList.module.css";
import { type CaseForm, emptyCase, newKey } from "./caseForm";
import { errorsAt, type FieldGroupProps, movedItem } from "./exerciseForm";
import { commonLanguage, defaultKind } from "./languageChoice";

/** The test cases in their order, or the fields of an exercise without test cases. */
export function CaseList({ form, errors, onChange }: FieldGroupProps) {
  const [status, setStatus] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const focusAfterMove = useFocusAfterMove(list);
  const { cases } = form;
  const language = commonLanguage(useQuery(languagesQuery).data, form);

  const setCases = (changed: CaseForm[]) => onChange({ cases: changed });
  const move = (from: number, by: -1 | 1) => {
    const moved = cases[from];
    if (moved) {
      setCases(movedItem(cases, from, by));
      focusAfterMove({ key: moved.key, by });
      setStatus(`${moved.name} is now case ${from + by + 1} of ${cases.length}.`);
    }
  };
  const add = (testCase: CaseForm, at: number) => {
    setCases(cases.toSpliced(at, 0, testCase));
    setStatus(`${testCase.name} was added.`);
  };
  const remove = (at: number) => {
    setCases(cases.toSpliced(at, 1));
    setStatus(`${cases[at]?.name} was removed.`);
    list.current?.focus();
  };

  return (
    <section className="card stack" aria-labelledby="cases-heading">
      <h2 id="cases-heading">Test cases</h2>
      <FieldError messages={errors.cases} />
      <ol className={styles.list} ref={list} tabIndex={-1} aria-label="Test cases">
        {cases.map((testCase, index) => (
          <CaseCard
            key={testCase.key}
            form={testCase}
            language={language}
            index={index}
            count={cases.length}
            errors={errors}
            onChange={(changed) => setCases(cases.with(index, { ...testCase, ...changed }))}
            onMove={(by) => move(index, by)}
            onCopy={() => add({ ...testCase, key: newKey(), name: `${testCase.name} (copy)` }, index + 1)}
            onRemove={() => remove(index)}
          />
        ))}
      </ol>
      <div>
        <button
          type="button"
          className="button"
          onClick={() => add(emptyCase(cases.length + 1, defaultKind(language)), cases.length)}
        >
          Add test case
        </button>
      </div>
      <LiveStatus message={status} />
      {cases.length === 0 && (
        <div className="stack">
          <p className="quiet">
            Without test cases, the exercise is graded by what one piece of code prints.
          </p>
          <TextArea
            label="Test code"
            code
            value={form.test_code}
            errors={errorsAt(errors, "test_code")}
            onChange={(test_code) => onChange({ test_code })}
          />
          <TextArea
            label="Expected output"
            code
            value={form.test_code_solution}
            errors={errorsAt(errors, "test_code_solution")}
            onChange={(test_code_solution) => onChange({ test_code_solution })}
          />
          <Select
            label="Graded by"
            value={form.grading}
            options={[
              ["server", "The service"],
              ["self", "The learner's site, which reports the scores"],
            ]}
            onChange={(grading) => onChange({ grading: grading as Grading })}
          />
        </div>
      )}
    </section>
  );
}

interface Move {
  key: number;
  by: -1 | 1;
}

/** Return a function that keeps the focus on the pressed button of a moved case, or on the other one if that is disabled. */
function useFocusAfterMove(list: RefObject<HTMLElement | null>): (move: Move) => void {
  const [move, setMove] = useState<Move | null>(null);
  useEffect(() => {
    if (move === null) {
      return;
    }
    const find = (direction: "up" | "down") =>
      list.current?.querySelector<HTMLElement>(`[data-move="${move.key}-${direction}"]:enabled`);
    const button = move.by === -1 ? (find("up") ?? find("down")) : (find("down") ?? find("up"));
    button?.focus();
  }, [move, list]);
  return setMove;
}
