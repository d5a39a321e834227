import { type Customizations, customizationErrors } from '../../../shared/domain/customizations/customizations.ts';
import { jsonObject } from '../../../shared/http/fields.ts';

/** Names every key that is wrong, with all else that is wrong in the request. */
const withoutErrors = (options?: { readonly isPatch: boolean }) =>
  jsonObject.check((context) => {
    const customizations: Customizations | null = context.value;
    if (typeof customizations !== 'object' || customizations === null || Array.isArray(customizations)) return;
    for (const { field, message } of customizationErrors(customizations, options)) {
      context.issues.push({ code: 'custom', input: customizations, path: field.split('.').slice(1), message });
    }
  });

/** All customizations of an organization. */
export const WholeCustomizations = withoutErrors();

/** A JSON Merge Patch (RFC 7396) for them. */
export const CustomizationsPatch = withoutErrors({ isPatch: true });
