import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { findFileSource } from '../console/find-file.ts';
import type { StageSettings } from '../stage-settings.ts';

export interface ConsoleSiteProps {
  readonly settings: StageSettings;
  /** Where the API answers. */
  readonly apiUrl: string;
  /** The name under which avatars are served, by https. */
  readonly avatarsDomain: string;
}

/** Where the console and the reference are served: a private bucket, and CloudFront in front of it. */
export class ConsoleSite extends Construct {
  readonly bucketName: string;
  readonly domainName: string;
  /** `https://…`, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { settings, apiUrl, avatarsDomain }: ConsoleSiteProps) {
    super(scope, id);
    this.bucketName = `tenantry-${settings.stage}-console-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: this.bucketName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // All that is in it can be built anew.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const headers = new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: `tenantry-${settings.stage}-console-${Aws.REGION}`,
      comment: 'What pages of the console may do',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(apiUrl, avatarsDomain), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(365),
          includeSubdomains: false,
          override: true,
        },
      },
      customHeadersBehavior: {
        customHeaders: [
          { header: 'cross-origin-opener-policy', value: 'same-origin', override: true },
          { header: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=()', override: true },
        ],
      },
    });
    // The CDK would name it after its stack alone, and an account has such names once for all regions.
    const originAccessControl = new S3OriginAccessControl(this, 'AccessControl', {
      originAccessControlName: `tenantry-${settings.stage}-console-${Aws.REGION}`,
    });
    const distribution = new Distribution(this, 'Distribution', {
      comment: `The console of Tenantry ${settings.stage}`,
      defaultRootObject: 'index.html',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket as IBucket, { originAccessControl }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: headers,
        functionAssociations: [
          {
            eventType: FunctionEventType.VIEWER_REQUEST,
            function: new EdgeFunction(this, 'FindFile', {
              functionName: `tenantry-${settings.stage}-find-file-${Aws.REGION}`,
              comment: 'Finds the file of a path',
              code: FunctionCode.fromInline(findFileSource),
              runtime: FunctionRuntime.JS_2_0,
            }),
          },
        ],
      },
      // The bucket does not tell what it does not have: it refuses.
      errorResponses: [
        { httpStatus: 403, responseHttpStatus: 404, responsePagePath: '/index.html', ttl: Duration.seconds(0) },
      ],
    });
    this.domainName = distribution.domainName;
    this.url = `https://${this.domainName}`;
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only CloudFront reads it and only a deployment writes it; a log of that would tell nothing more.',
    });
    Validations.of(distribution).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'Whoever is invited may come from anywhere; no country is kept out.' },
      {
        id: 'AwsSolutions-CFR2',
        reason: 'It serves files from a bucket; there is no application to protect behind it.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason: 'What people do is in the access log of the API; who looked at a file is not kept.',
      },
      {
        id: 'AwsSolutions-CFR4',
        reason: 'It has the certificate of cloudfront.net, which leaves no choice of the TLS version.',
      },
    );
  }
}

/**
 * Nothing runs but the console's own files, nothing is asked but the API, nobody frames it. Pictures may come from
 * anywhere by https: an organization says where its logo is.
 */
function contentSecurityPolicy(apiUrl: string, avatarsDomain: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' blob: https: https://${avatarsDomain}`,
    `connect-src 'self' ${apiUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
