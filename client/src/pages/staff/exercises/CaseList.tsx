import { useEffect, useRef, useState } from "react";
import type { Grading } from "../../../api/schema";
import { LiveStatus } from "../../../components/LiveStatus";
import { Select } from "../../../components/Select";
import { TextArea } from "../../../components/TextArea";
import { CaseCard } from "./CaseCard";
import { type CaseForm, emptyCase, newKey } from "./caseForm";
import { FieldError } from "./DescriptionFields";
import type { FieldGroupProps } from "./ExerciseEditor";
import { errorsAt, moved } from "./exerciseForm";

/** The test cases in their order; without any, the one call that an exercise may have instead. */
export function CaseList({ form, errors, change }: FieldGroupProps) {
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const focus = useFocusAfterMove(list);
  const { cases } = form;

  const put = (changed: CaseForm[]) => change({ cases: changed });
  const move = (from: number, by: -1 | 1) => {
    put(moved(cases, from, by));
    focus(cases[from]?.key, by);
    setSaid(`${cases[from]?.name} is now case ${from + by + 1} of ${cases.length}.`);
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
      <FieldError sentences={errors.cases} />
      <ol className="case-forms" ref={list} tabIndex={-1} aria-label="Test cases">
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
            onChange={(test_code) => change({ test_code })}
          />
          <TextArea
            label="What it must print"
            code
            value={form.test_code_solution}
            errors={errorsAt(errors, "test_code_solution")}
            onChange={(test_code_solution) => change({ test_code_solution })}
          />
          <Select
            label="Who decides the score"
            value={form.grading}
            options={[
              ["server", "The service grades"],
              ["self", "The learner's site reports it"],
            ]}
            onChange={(grading) => change({ grading: grading as Grading })}
          />
        </div>
      )}
    </section>
  );
}

/** A button that moves its case keeps the focus; at either end, where it goes, the other one takes it. */
function useFocusAfterMove(list: React.RefObject<HTMLElement | null>) {
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    const buttons = wanted.current && list.current?.querySelectorAll<HTMLButtonElement>(wanted.current);
    wanted.current = null;
    if (buttons) {
      [...buttons].find((button) => !button.disabled)?.focus();
    }
  });
  return (key: number | undefined, by: -1 | 1) => {
    const [first, second] = by === -1 ? ["up", "down"] : ["down", "up"];
    const button = (which: string | undefined) => `[data-move="${key}-${which}"]`;
    wanted.current = `${button(first)}, ${button(second)}`;
  };
}
