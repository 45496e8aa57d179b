import { type RefObject, useEffect, useRef, useState } from "react";
import type { Grading } from "../../../api/schema";
import { FieldError } from "../../../components/FieldError";
import { LiveStatus } from "../../../components/LiveStatus";
import { Select } from "../../../components/Select";
import { TextArea } from "../../../components/TextArea";
import { CaseCard } from "./CaseCard";
import styles from "./CaseList.module.css";
import { type CaseForm, emptyCase, newKey } from "./caseForm";
import { errorsAt, type FieldGroupProps, movedItem } from "./exerciseForm";

/** The test cases in their order; without any, the one call that an exercise may have instead. */
export function CaseList({ form, errors, onChange }: FieldGroupProps) {
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const focusAfterMove = useFocusAfterMove(list);
  const { cases } = form;

  const put = (changed: CaseForm[]) => onChange({ cases: changed });
  const move = (from: number, by: -1 | 1) => {
    const moved = cases[from];
    if (moved) {
      put(movedItem(cases, from, by));
      focusAfterMove({ key: moved.key, by });
      setSaid(`${moved.name} is now case ${from + by + 1} of ${cases.length}.`);
    }
  };
  const add = (one: CaseForm, at: number) => {
    put(cases.toSpliced(at, 0, one));
    setSaid(`${one.name} was added.`);
  };
  const remove = (at: number) => {
    put(cases.toSpliced(at, 1));
    setSaid(`${cases[at]?.name} was removed.`);
    list.current?.focus();
  };

  return (
    <section className="card stack" aria-labelledby="cases-heading">
      <h2 id="cases-heading">Test cases</h2>
      <FieldError messages={errors.cases} />
      <ol className={styles.list} ref={list} tabIndex={-1} aria-label="Test cases">
        {cases.map((one, number) => (
          <CaseCard
            key={one.key}
            form={one}
            number={number}
            count={cases.length}
            errors={errors}
            onChange={(part) => put(cases.with(number, { ...one, ...part }))}
            onMove={(by) => move(number, by)}
            onCopy={() => add({ ...one, key: newKey(), name: `${one.name} (copy)` }, number + 1)}
            onRemove={() => remove(number)}
          />
        ))}
      </ol>
      <div>
        <button
          type="button"
          className="button"
          onClick={() => add(emptyCase(cases.length + 1), cases.length)}
        >
          Add a case
        </button>
      </div>
      <LiveStatus sentence={said} />
      {cases.length === 0 && (
        <div className="stack">
          <p className="quiet">Without cases, one call is judged by what it prints.</p>
          <TextArea
            label="Test code"
            code
            value={form.test_code}
            errors={errorsAt(errors, "test_code")}
            onChange={(test_code) => onChange({ test_code })}
          />
          <TextArea
            label="What it must print"
            code
            value={form.test_code_solution}
            errors={errorsAt(errors, "test_code_solution")}
            onChange={(test_code_solution) => onChange({ test_code_solution })}
          />
          <Select
            label="Who decides the score"
            value={form.grading}
            options={[
              ["server", "The service grades"],
              ["self", "The learner's site reports it"],
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
