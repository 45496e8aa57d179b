import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import type { RejudgeData } from "../../../api/schema";
import { exerciseTitle } from "../../../components/exerciseTitle";
import { plural } from "../../../components/format";
import { Loaded } from "../../../components/Loaded";
import { PageHeading } from "../../../components/PageHeading";
import { ProgressBar } from "../../../components/ProgressBar";
import { exerciseQuery } from "../../../queries/exercises";
import { isInProgress, rejudgeQuery } from "../../../queries/rejudges";
import { AdminsOnly } from "../AdminsOnly";
import { RejudgeActions } from "./RejudgeActions";
import { RejudgeChanges } from "./RejudgeChanges";
import { rejudgeStateLabel } from "./rejudgeState";

export function Component() {
  const rejudgeId = Number(useParams().rejudgeId);
  const rejudge = useQuery(rejudgeQuery(rejudgeId));
  return (
    <AdminsOnly>
      <PageHeading title={`Rejudge ${rejudgeId}`} />
      <Loaded query={rejudge} lines={10}>
        {(one) => <Rejudge rejudge={one} />}
      </Loaded>
    </AdminsOnly>
  );
}

function Rejudge({ rejudge }: { rejudge: RejudgeData }) {
  const exercise = useQuery(exerciseQuery(rejudge.exercise_id)).data;
  return (
    <>
      <p>
        {plural(rejudge.submissions, "submission")} to{" "}
        <Link to={`/teach/exercises/${rejudge.exercise_id}/rejudges`}>
          {exercise ? exerciseTitle(exercise) : `exercise ${rejudge.exercise_id}`}
        </Link>
        , judged by version {rejudge.exercise_version}.
      </p>
      <p role="status">
        <strong>{rejudgeStateLabel(rejudge)}.</strong>
      </p>
      {isInProgress(rejudge) && (
        <ProgressBar label="Submissions judged" done={rejudge.judged} total={rejudge.submissions}>
          {rejudge.judged.toLocaleString()} of {plural(rejudge.submissions, "submission")}
        </ProgressBar>
      )}
      {!isInProgress(rejudge) && rejudge.state !== "failed" && (
        <RejudgeChanges rejudge={rejudge}>
          {(count) => <RejudgeActions rejudge={rejudge} count={count} />}
        </RejudgeChanges>
      )}
    </>
  );
}
