// Every GIFT file read by gift-pegjs and compared with the questions the API tells.
import { createRequire } from "node:module";

const parser = createRequire(import.meta.url)("gift-pegjs");

/** The text of an option or a question, whichever version of the parser wrapped it. */
const textOf = (value) => String(value?.text ?? value ?? "").trim();
const tidy = (text) => text.replace(/\\n/g, "\n").replace(/\s+/g, " ").trim();

function compare(name, parsed, expected, check) {
  const same = tidy(textOf(parsed.stem)).startsWith(tidy(expected.text));
  check(same, `${name}: «${textOf(parsed.stem)}» is not «${expected.text}»`);
  check(parsed.stem.format === "plain", `${name}: format ${parsed.stem.format}`);
  const right = expected.options.filter((option) => option.right).length;
  check(parsed.choices.length === expected.options.length, `${name}: ${parsed.choices.length} options`);
  parsed.choices.forEach((choice, index) => {
    const option = expected.options[index];
    check(tidy(textOf(choice.text)) === tidy(option.text), `${name}: «${textOf(choice.text)}» is not «${option.text}»`);
    const credited = choice.isCorrect || Number(choice.weight) > 0;
    check(credited === option.right, `${name}: ${option.text} is marked wrongly`);
  });
  const weights = parsed.choices.map((choice) => Number(choice.weight)).filter((weight) => weight > 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  check(right === 1 || Math.abs(sum - 100) < 0.01, `${name}: right options add up to ${sum}%`);
  const feedback = tidy(textOf(parsed.globalFeedback));
  check(feedback === tidy(expected.explanation.text), `${name}: feedback «${feedback}»`);
}

export async function gift(base, check) {
  const { items } = await (await fetch(`${base}/api/v1/lessons?limit=100`)).json();
  check(items.length > 0, `${base} has no lessons`);
  for (const { id, links } of items) {
    if (!links.gift) continue;
    const { quiz_questions: expected } = await (await fetch(`${base}/api/v1/${id}`)).json();
    let parsed;
    try {
      parsed = parser.parse(await (await fetch(base + new URL(links.gift).pathname)).text());
    } catch (error) {
      check(false, `${id}: ${error.message}`);
      continue;
    }
    const category = parsed.filter((item) => item.type === "Category");
    check(category.length === 1 && category[0].title.startsWith("消防安全/"), `${id}: ${JSON.stringify(category)}`);
    const questions = parsed.filter((item) => item.type === "MC");
    check(questions.length === expected.length, `${id}: ${questions.length} of ${expected.length} questions`);
    questions.forEach((question, index) => compare(`${id} ${index + 1}`, question, expected[index], check));
  }
}
