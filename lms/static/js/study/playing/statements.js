// What the page has to know of an xAPI statement; what it means for the lesson is the server's to say.
const ACTIVITY = ["attempted", "interacted", "answered", "completed", "passed", "failed"];

const nameOf = ({ verb }) => String(verb.id || "").split("/").pop();

// About a part of the content and not about the whole.
function isPart({ context, object }) {
  const activities = (context && context.contextActivities) || {};
  return Boolean(activities.parent && [].concat(activities.parent).length)
    || String((object && object.id) || "").indexOf("subContentId=") >= 0;
}

// The whole is done: what comes afterwards belongs to another go.
export function isEnd(statement) {
  if (isPart(statement)) return false;
  const { completion, score } = statement.result || {};
  const name = nameOf(statement);
  if (name === "completed" || name === "passed") return completion !== false;
  return name === "answered" && (typeof completion === "boolean" ? completion : Boolean(score));
}

// The learner does something again, and is not just looking back through what was done.
export function isActivity(statement) {
  return ACTIVITY.indexOf(nameOf(statement)) >= 0;
}
