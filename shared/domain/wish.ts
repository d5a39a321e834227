/** What somebody wants changed of a thing: an undefined field stays as it is. */
export type Wish<Thing> = { readonly [Field in keyof Thing]?: Thing[Field] | undefined };
