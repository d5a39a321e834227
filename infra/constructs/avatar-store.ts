import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  Distribution,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage-settings.ts';

/**
 * Where avatars are kept and served: a private bucket, and CloudFront in front of it. What a key names never changes, so
 * everything is cached for as long as the objects themselves say.
 */
export class AvatarStore extends Construct {
  readonly bucketName: string;
  /** The name under which they are served, by https. */
  readonly domainName: string;

  constructor(scope: Construct, id: string, { stage, keepData }: StageSettings) {
    super(scope, id);
    // By a name of its own, because what may be done with its objects is said in other stacks. Names are unique in all AWS.
    this.bucketName = `tenantry-${stage}-avatars-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: this.bucketName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: keepData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    // The CDK would name it after its stack alone, and an account has such names once for all regions.
    const originAccessControl = new S3OriginAccessControl(this, 'AccessControl', {
      originAccessControlName: `tenantry-${stage}-avatars-${Aws.REGION}`,
    });
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Avatars of organizations',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket as IBucket, { originAccessControl }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
      },
    });
    this.domainName = distribution.domainName;
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only CloudFront reads it and only two functions write it; a log of that would tell nothing more.',
    });
    Validations.of(distribution).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'Avatars are pictures for everybody; no country is kept from seeing them.' },
      {
        id: 'AwsSolutions-CFR2',
        reason: 'It serves cached pictures from a bucket; there is no application to protect.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason: 'Who looked at which picture is nobody’s business, so it is not written down.',
      },
      {
        id: 'AwsSolutions-CFR4',
        reason: 'It has the certificate of cloudfront.net, which leaves no choice of the TLS version.',
      },
    );
  }
}
