// Which words two answers share, and text made fit to be shown.
"use strict";

const MAX_CELLS = 4_000_000;
const LEAST_ALIKE = 0.35;

/** The text with control, direction-changing and other hidden characters written out. */
function visible(text) {
  return text.replace(/\r\n/g, "\n").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    if ("\n\t\u200d\u200c".includes(character)) return character;
    return "\\u" + character.codePointAt(0).toString(16).padStart(4, "0");
  });
}

/** Both texts in segments {text, only}; null where marking helps nobody: too long, or hardly alike. */
function wordDiff(before, after) {
  const words = /\s+|[^\s\p{L}\p{N}_]|[\p{L}\p{N}_]+/gu;
  const left = before.match(words) || [], right = after.match(words) || [];
  let start = 0, endLeft = left.length, endRight = right.length;
  while (start < endLeft && start < endRight && left[start] === right[start]) start++;
  while (endLeft > start && endRight > start && left[endLeft - 1] === right[endRight - 1]) { endLeft--; endRight--; }
  const height = endLeft - start, width = endRight - start;
  if ((height + 1) * (width + 1) > MAX_CELLS) return null;
  const marks = longestCommon(left.slice(start, endLeft), right.slice(start, endRight));
  // Spaces are alike in any two texts, so only words count.
  const isWord = (word) => /\S/.test(word);
  const total = left.filter(isWord).length + right.filter(isWord).length;
  const shared = left.slice(0, start).concat(left.slice(endLeft), marks.map((pair) => left[pair[0] + start])).filter(isWord).length;
  if (total && (2 * shared) / total < LEAST_ALIKE) return null;
  const kept = { left: new Set(marks.map((pair) => pair[0] + start)), right: new Set(marks.map((pair) => pair[1] + start)) };
  return {
    before: segments(left, (place) => place < start || place >= endLeft || kept.left.has(place)),
    after: segments(right, (place) => place < start || place >= endRight || kept.right.has(place)),
  };
}

/** Places [left, right] of a longest common subsequence. */
function longestCommon(left, right) {
  const width = right.length + 1, lengths = new Uint16Array((left.length + 1) * width);
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      const here = row * width + column;
      lengths[here] = left[row] === right[column]
        ? lengths[here + width + 1] + 1
        : Math.max(lengths[here + width], lengths[here + 1]);
    }
  }
  const pairs = [];
  for (let row = 0, column = 0; row < left.length && column < right.length;) {
    if (left[row] === right[column]) pairs.push([row++, column++]);
    else if (lengths[(row + 1) * width + column] >= lengths[row * width + column + 1]) row++;
    else column++;
  }
  return pairs;
}

function segments(words, isShared) {
  const found = [];
  words.forEach((word, place) => {
    const only = !isShared(place), last = found[found.length - 1];
    if (last && last.only === only) last.text += word;
    else found.push({ text: word, only });
  });
  return found;
}
