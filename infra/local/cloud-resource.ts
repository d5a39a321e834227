/** A resource of a template, with every intrinsic function in its properties carried out. */
export interface CloudResource {
  readonly stackName: string;
  readonly logicalId: string;
  /** As `AWS::Lambda::Function`. */
  readonly type: string;
  /** The physical name: the template's, or one made of stack and logical id, the same at each start. */
  readonly name: string;
  /** The value of `Ref`. */
  readonly reference: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What only the running stack knows. */
export interface LiveValues {
  /** Where the gateway answers. */
  readonly apiUrl: string;
  /** Where what a CloudFront distribution serves is served. */
  readonly distributionUrl: string;
  /** Where queues answer. */
  readonly queuesUrl: string;
  /** The stream of a table, once the table is made. */
  streamArn(tableName: string): string | undefined;
}
