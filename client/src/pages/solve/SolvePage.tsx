import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { ApiError } from "../../api/errors";
import { useToken } from "../../api/session";
import { useUser } from "../../auth/useUser";
import { languagesOf } from "../../components/exerciseLanguages";
import { exerciseTitle } from "../../components/exerciseTitle";
import { plural } from "../../components/format";
import { Loaded } from "../../components/Loaded";
import { Markdown } from "../../components/Markdown";
import { NotFoundPage } from "../../components/NotFoundPage";
import { PageHeading } from "../../components/PageHeading";
import { Skeleton } from "../../components/Skeleton";
import { exerciseQuery } from "../../queries/exercises";
import { useLanguageTitles } from "../../queries/languages";
import { ownScoresQuery } from "../../queries/scores";
import { Examples } from "./Examples";
import { limitsText } from "./limitsText";
import styles from "./SolvePage.module.css";
import { Workbench } from "./Workbench";

export function Component() {
  const exerciseId = Number(useParams().exerciseId);
  const user = useUser();
  const query = useQuery(exerciseQuery(exerciseId));
  const languageTitle = useLanguageTitles();
  const solved = useQuery(ownScoresQuery(useToken())).data?.get(exerciseId)?.correct;
  if (query.error instanceof ApiError && [400, 404].includes(query.error.httpStatus)) {
    return <NotFoundPage />;
  }
  return (
    <>
      <PageHeading title={query.data ? exerciseTitle(query.data) : "Exercise"}>
        {solved && <span className="tag good">Solved</span>}
      </PageHeading>
      <Loaded query={query} lines={12}>
        {(exercise) => (
          <div className={styles.columns}>
            <div className={`card stack ${styles.description}`}>
              {exercise.exercise_body !== exerciseTitle(exercise) && (
                <Markdown text={exercise.exercise_body} />
              )}
              <Examples cases={exercise.cases} />
              <p className="quiet">
                {languagesOf(exercise).map(languageTitle).join(", ")}, {plural(exercise.max_points, "point")}.{" "}
                {languagesOf(exercise).length === 1 && limitsText(exercise.limits)}
              </p>
            </div>
            {user === undefined ? (
              <Skeleton lines={12} />
            ) : (
              <Workbench
                key={`${exercise.id} ${exercise.version} ${user?.id}`}
                exercise={exercise}
                userId={user?.id ?? null}
              />
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}
