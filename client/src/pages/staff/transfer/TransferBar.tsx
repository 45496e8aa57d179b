import { ProgressBar } from "../../../components/ProgressBar";
import { bytes } from "../../../components/units";
import { durationWords, type Moment, secondsLeft } from "./progress";

interface Props {
  label: string;
  moment: Moment;
  /** What goes on when all bytes are through. */
  afterwards: string;
  onStop: () => void;
}

export function TransferBar({ label, moment, afterwards, onStop }: Props) {
  const { done, total } = moment;
  const left = secondsLeft(moment);
  const through = total !== null && done >= total;
  return (
    <div className="stack tight">
      <ProgressBar label={label} done={done} total={through ? null : total}>
        {through ? afterwards : total === null ? `${bytes(done)} …` : `${bytes(done)} of ${bytes(total)}`}
        {left !== null && `, about ${durationWords(left)} left`}
      </ProgressBar>
      <div>
        <button type="button" className="button" onClick={onStop}>
          Stop
        </button>
      </div>
    </div>
  );
}
