import { z } from 'zod';

// Rules over several keys of one block. They run even where the block has other mistakes, so that one
// look at the file shows all of them; therefore they ask which keys are there, never what they hold.

type Block = Readonly<Record<string, unknown>>;
type Rule = z.core.$ZodCheck<object>;

/** These keys exclude each other. */
export function atMostOne(...keys: readonly [string, string]): Rule {
  return rule((block, context) => {
    const [first, second] = keys.filter((key) => key in block);
    if (first === undefined || second === undefined) return;
    context.addIssue({
      code: 'custom',
      path: [second],
      message: `cannot stand beside ${first}; keep one of the two`,
    });
  });
}

/** One at least of these keys is needed. */
export function atLeastOne(...keys: readonly string[]): Rule {
  return rule((block, context) => {
    if (!keys.some((key) => key in block)) context.addIssue(`needs ${keys.join(' or ')}`);
  });
}

/** Where the first key is, one of the others is needed. */
export function requires(key: string, ...needs: readonly string[]): Rule {
  return rule((block, context) => {
    if (key in block && !needs.some((need) => need in block)) {
      context.addIssue({ code: 'custom', path: [key], message: `needs ${needs.join(' or ')} beside it` });
    }
  });
}

function rule(check: (block: Block, context: z.core.$RefinementCtx<object>) => void): Rule {
  return z.superRefine<object>(
    (block, context) => {
      check(block as Block, context);
    },
    { when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  );
}
