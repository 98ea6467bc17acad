// Lines to be put in order: no two of them on one place. Who takes a place gives its own to the line that stood there.
export function keepPlacesApart(question) {
  const selects = Array.from(question.querySelectorAll("select"));
  let before = "";
  question.addEventListener("focusin", (event) => {
    before = event.target.value;
  });
  question.addEventListener("change", (event) => {
    const taken = event.target.value;
    const other = selects.find((each) => each !== event.target && taken && each.value === taken);
    if (other) other.value = before;
    before = taken;
  });
}
