import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { api, call } from "../../../api/client";
import { useToken } from "../../../auth/session";
import { Heading } from "../../../components/Heading";
import { Loaded } from "../../../components/Loaded";
import { dayAndTime, plural } from "../../../components/units";
import { progressQuery } from "../../progress/queries";
import { Figures } from "../Figures";
import { learnerName } from "../nameOf";
import { ScoreHistory } from "./ScoreHistory";

export function Component() {
  const userId = Number(useParams().userId);
  const progress = useQuery(progressQuery(useToken(), userId));
  // Where another service keeps the users there is no name: then the number has to do.
  const user = useQuery({
    queryKey: ["users", userId],
    queryFn: async () =>
      (await call(api.GET("/users/{user_id}", { params: { path: { user_id: userId } } }))).data,
  });
  return (
    <>
      <Heading title={learnerName(userId, user.data?.username)}>
        <p className="quiet">Number {userId}</p>
      </Heading>
      <Loaded query={progress} lines={3}>
        {(his) => (
          <Figures
            figures={[
              ["Solved", his.solved.toLocaleString()],
              ["Attempted", his.attempted.toLocaleString()],
              ["Current streak", plural(his.current_streak, "day")],
              ["Last activity", his.last_activity_at ? dayAndTime(his.last_activity_at) : "–"],
            ]}
          />
        )}
      </Loaded>
      <section className="stack" aria-labelledby="history-heading">
        <h2 id="history-heading">History of the scores</h2>
        <ScoreHistory userId={userId} />
      </section>
    </>
  );
}
