import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import type { RejudgeData } from "../../../api/schema";
import { Heading } from "../../../components/Heading";
import { Loaded } from "../../../components/Loaded";
import { ProgressBar } from "../../../components/ProgressBar";
import { titleOf } from "../../../components/title";
import { plural } from "../../../components/units";
import { isUnderWay, rejudgeQuery } from "../../../queries/rejudges";
import { exerciseQuery } from "../../../queries/submissions";
import { AdminsOnly } from "../Refusal";
import { Changes } from "./Changes";
import { Decision } from "./Decision";
import { stateWords } from "./states";

export function Component() {
  const rejudgeId = Number(useParams().rejudgeId);
  const rejudge = useQuery(rejudgeQuery(rejudgeId));
  return (
    <AdminsOnly>
      <Heading title={`Rejudge ${rejudgeId}`} />
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
          {exercise ? titleOf(exercise) : `exercise ${rejudge.exercise_id}`}
        </Link>
        , judged by version {rejudge.exercise_version}.
      </p>
      <p role="status">
        <strong>{stateWords(rejudge)}.</strong>
      </p>
      {isUnderWay(rejudge) && (
        <ProgressBar label="Submissions judged" done={rejudge.judged} total={rejudge.submissions}>
          {rejudge.judged.toLocaleString()} of {plural(rejudge.submissions, "submission")}
        </ProgressBar>
      )}
      {!isUnderWay(rejudge) && rejudge.state !== "failed" && (
        <Changes rejudge={rejudge}>{(count) => <Decision rejudge={rejudge} count={count} />}</Changes>
      )}
    </>
  );
}
