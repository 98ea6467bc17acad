// Sets of stretches as sorted lists of half-open pairs: [[from, to], ...].

// The set with one more stretch; stretches nearer than `slack` grow together.
export function union(ranges, from, to, slack) {
  const result = [];
  let start = from;
  let end = to;
  ranges.forEach((range) => {
    if (range[1] + slack < start || end + slack < range[0]) {
      result.push(range);
    } else {
      start = Math.min(start, range[0]);
      end = Math.max(end, range[1]);
    }
  });
  result.push([start, end]);
  return result.sort((one, other) => one[0] - other[0]);
}

// What is in the first set and not in the second.
export function subtract(ranges, taken) {
  return taken.reduce((left, cut) => {
    const result = [];
    left.forEach((range) => {
      if (cut[1] <= range[0] || cut[0] >= range[1]) {
        result.push(range);
        return;
      }
      if (cut[0] > range[0]) result.push([range[0], cut[0]]);
      if (cut[1] < range[1]) result.push([cut[1], range[1]]);
    });
    return result;
  }, ranges);
}

// All of both.
export function join(ranges, others) {
  return others.reduce((result, range) => union(result, range[0], range[1], 0), ranges);
}

// How much a set holds.
export function count(ranges) {
  return ranges.reduce((sum, range) => sum + range[1] - range[0], 0);
}
