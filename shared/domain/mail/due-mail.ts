/** A mail that was asked for: of an invitation or of a link. What is stored of that says what the mail is, if it is due. */
export type DueMail =
  | { readonly kind: 'invitation'; readonly organizationId: number; readonly id: number }
  | { readonly kind: 'link'; readonly id: number };
