import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { useToken } from "../../api/session";
import { ErrorNotice } from "../../components/ErrorNotice";
import { languagesOf } from "../../components/exerciseLanguages";
import { Field } from "../../components/Field";
import { plural } from "../../components/format";
import { Loaded } from "../../components/Loaded";
import { PageHeading } from "../../components/PageHeading";
import { Select } from "../../components/Select";
import { Skeleton } from "../../components/Skeleton";
import { exerciseSetsQuery } from "../../queries/exerciseSets";
import { exercisesQuery } from "../../queries/exercises";
import { useLanguageTitles } from "../../queries/languages";
import { ownScoresQuery } from "../../queries/scores";
import styles from "./CataloguePage.module.css";
import { ExerciseRow } from "./ExerciseRow";
import { filterExercises, type Status, statusOf } from "./filterExercises";

const STATUSES = [
  ["", "All"],
  ["new", "Not attempted"],
  ["attempted", "Attempted"],
  ["solved", "Solved"],
] as const;

export function CataloguePage() {
  const token = useToken();
  const exercises = useQuery(exercisesQuery);
  const scores = useQuery(ownScoresQuery(token));
  const sets = useQuery(exerciseSetsQuery).data ?? [];
  const languageTitle = useLanguageTitles();
  const [search, setSearch] = useSearchParams();

  const chosen = (name: string) => search.get(name) ?? "";
  const choose = (name: string) => (value: string) =>
    setSearch(
      (now) => {
        const next = new URLSearchParams(now);
        value ? next.set(name, value) : next.delete(name);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );

  const all = exercises.data ?? [];
  const languages = [...new Set(all.flatMap(languagesOf))];
  const set = sets.find(({ name }) => name === chosen("set"));
  const shown = filterExercises(all, scores.data, {
    words: chosen("search"),
    status: chosen("show") as Status | "",
    language: chosen("language"),
    exerciseIds: set ? new Set(set.exercise_ids) : null,
  });
  const known = exercises.data && (token === null || !scores.isPending);
  const solved = all.filter(({ id }) => statusOf(scores.data?.get(id)) === "solved").length;

  return (
    <>
      <PageHeading title="Exercises">
        <p className="quiet" role="status">
          {exercises.data &&
            `${plural(shown.length, "exercise")}${scores.data ? `, ${solved} of ${all.length} solved` : ""}`}
        </p>
      </PageHeading>
      <search className={styles.filters}>
        <Field
          label="Search"
          name="search"
          type="search"
          value={chosen("search")}
          onChange={choose("search")}
        />
        {token && (
          <Select label="Status" value={chosen("show")} options={STATUSES} onChange={choose("show")} />
        )}
        {languages.length > 1 && (
          <Select
            label="Language"
            value={chosen("language")}
            options={[["", "All"], ...languages.map((name) => [name, languageTitle(name)] as const)]}
            onChange={choose("language")}
          />
        )}
        {sets.length > 0 && (
          <Select
            label="Set"
            value={chosen("set")}
            options={[["", "All"], ...sets.map(({ name }) => [name, name] as const)]}
            onChange={choose("set")}
          />
        )}
      </search>
      {scores.error && !exercises.error && (
        <ErrorNotice error={scores.error} onRetry={() => scores.refetch()} />
      )}
      {token && scores.isPending ? (
        <Skeleton lines={10} />
      ) : (
        <Loaded query={exercises} lines={10}>
          {() => (
            <ul className={styles.list}>
              {shown.map((exercise) => (
                <ExerciseRow
                  key={exercise.id}
                  exercise={exercise}
                  languages={languagesOf(exercise).map(languageTitle)}
                  status={scores.data && statusOf(scores.data.get(exercise.id))}
                />
              ))}
            </ul>
          )}
        </Loaded>
      )}
      {known && shown.length === 0 && <p className="quiet">No exercises match.</p>}
    </>
  );
}
