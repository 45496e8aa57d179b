import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import type { ExerciseData, StatisticsData } from "../../../api/schema";
import { useIsAdmin } from "../../../auth/useUser";
import { languagesOf } from "../../../components/exerciseLanguages";
import { exerciseTitle } from "../../../components/exerciseTitle";
import { Field } from "../../../components/Field";
import { formatPercent, plural } from "../../../components/format";
import { Loaded } from "../../../components/Loaded";
import { PageHeading } from "../../../components/PageHeading";
import { ScrollableTable } from "../../../components/ScrollableTable";
import { exercisesQuery } from "../../../queries/exercises";
import { useLanguageTitles } from "../../../queries/languages";
import { allStatisticsQuery } from "../../../queries/statistics";
import styles from "./ExerciseListPage.module.css";

export function Component() {
  const exercises = useQuery(exercisesQuery);
  const statistics = useQuery(allStatisticsQuery).data;
  const isAdmin = useIsAdmin();
  const [search, setSearch] = useState("");
  const found = (all: ExerciseData[]) =>
    all.filter((one) =>
      `${exerciseTitle(one)} ${one.slug ?? ""}`.toLowerCase().includes(search.toLowerCase()),
    );
  return (
    <>
      <PageHeading title="Exercises">
        {isAdmin && (
          <Link to="/teach/exercises/new" className="button primary">
            New exercise
          </Link>
        )}
      </PageHeading>
      <div className="search">
        <Field label="Find an exercise" name="find" type="search" value={search} onChange={setSearch} />
      </div>
      <Loaded query={exercises} lines={12}>
        {(all) => (
          <>
            <p className="quiet" role="status">
              {plural(found(all).length, "exercise")}
            </p>
            <ExerciseTable exercises={found(all)} statistics={statistics} isAdmin={isAdmin} />
          </>
        )}
      </Loaded>
    </>
  );
}

interface TableProps {
  exercises: ExerciseData[];
  statistics: Map<number, StatisticsData> | undefined;
  isAdmin: boolean;
}

function ExerciseTable({ exercises, statistics, isAdmin }: TableProps) {
  const languageTitle = useLanguageTitles();
  return (
    <ScrollableTable label="Exercises">
      <table>
        <thead>
          <tr>
            <th scope="col">Exercise</th>
            <th scope="col" className="wide-only">
              Grading
            </th>
            <th scope="col" className="number wide-only">
              Points
            </th>
            <th scope="col" className={`number ${styles.solvedBy}`}>
              Solved by
            </th>
            <th scope="col" className="number wide-only">
              Attempts
            </th>
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          {exercises.map((exercise) => (
            <ExerciseRow
              key={exercise.id}
              exercise={exercise}
              languages={languagesOf(exercise).map(languageTitle)}
              statistics={statistics?.get(exercise.id)}
              isAdmin={isAdmin}
            />
          ))}
        </tbody>
      </table>
    </ScrollableTable>
  );
}

interface RowProps {
  exercise: ExerciseData;
  /** The titles of its languages. */
  languages: string[];
  statistics: StatisticsData | undefined;
  isAdmin: boolean;
}

function ExerciseRow({ exercise, languages, statistics, isAdmin }: RowProps) {
  const title = exerciseTitle(exercise);
  const pages = [
    ...(isAdmin ? [["", "Edit"]] : []),
    ["/statistics", "Statistics"],
    ...(isAdmin && exercise.grading === "server" ? [["/rejudges", "Rejudge"]] : []),
  ];
  return (
    <tr>
      <th scope="row">
        <Link to={`/exercises/${exercise.id}`}>{title}</Link>
      </th>
      <td className="wide-only">
        <span className="row tight">
          <span className={exercise.grading === "server" ? "tag good" : "tag warn"}>
            {exercise.grading === "server" ? "graded" : "self-reported"}
          </span>
          {languages.map((title) => (
            <span key={title} className="tag">
              {title}
            </span>
          ))}
          <span className="tag">version {exercise.version}</span>
        </span>
      </td>
      <td className="number wide-only">{exercise.max_points}</td>
      <td className="number">
        {statistics
          ? `${statistics.solved}/${statistics.learners} (${formatPercent(statistics.solve_rate)})`
          : "–"}
      </td>
      <td className="number wide-only">{statistics?.attempts.toLocaleString() ?? "–"}</td>
      <td>
        <span className="row tight">
          {pages.map(([path, label]) => (
            <Link key={path} to={`/teach/exercises/${exercise.id}${path}`} aria-label={`${label}: ${title}`}>
              {label}
            </Link>
          ))}
        </span>
      </td>
    </tr>
  );
}
