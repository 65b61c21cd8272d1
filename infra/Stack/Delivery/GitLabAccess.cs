using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Settings.Delivery;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Delivery;

/// <summary>Input of <see cref="GitLabAccess"/>.</summary>
public sealed record GitLabAccessArgs
{
    public required DeliverySettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required ImmutableArray<Output<string>> RepositoryArns { get; init; }
}

/// <summary>
/// Lets pipelines of named projects into AWS with the token that GitLab signs for each job, so that no key is stored anywhere: one role
/// that pushes images, and one for each environment that rolls them out. Each trusts branches and tags by name, and by nothing else.
/// </summary>
/// <remarks>
/// The token has the protection of the branch, but IAM can check only its audience and subject
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif), and the subject is
/// <c>project_path:PATH:ref_type:TYPE:ref:NAME</c> (https://docs.gitlab.com/ci/secrets/id_token_authentication/). Protecting those branches
/// and tags is GitLab's part.
/// </remarks>
public sealed class GitLabAccess : ComponentResource
{
    public const string TypeToken = "ha-cluster:delivery:GitLabAccess";

    public GitLabAccess(string name, GitLabAccessArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var gitLab = args.Settings.GitLab;
        var provider = gitLab.OidcProviderArn.Length > 0 ? Output.Create(gitLab.OidcProviderArn) : Provider(name, args);

        var push = CreateRole("gitlab-push", "Pipelines that push images", provider, gitLab.Branches, gitLab.Tags, args);
        _ = new Aws.Iam.RolePolicy(
            "gitlab-push",
            new Aws.Iam.RolePolicyArgs
            {
                Name = "push",
                Role = push.Name,
                Policy = Output.All(args.RepositoryArns.Select(arn => (Input<string>)arn)).Apply(arns => PolicyDocument.Json(SignIn(), Push(arns))),
            },
            new CustomResourceOptions { Parent = this });

        foreach (var environment in args.Settings.Environments)
        {
            var role = CreateRole(
                $"deploy-{environment.Name}", $"Pipelines that roll out to {environment.Name}", provider, environment.Branches, environment.Tags, args);
            _ = new ReleaseAccess(
                $"deploy-{environment.Name}",
                new ReleaseAccessArgs { Environment = environment, Foundation = args.Foundation, Role = role },
                new ComponentResourceOptions { Parent = this });
        }

        RegisterOutputs();
    }

    // An account allows one provider per address. AWS trusts the CAs of public certificates and needs no thumbprint any more:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
    private Output<string> Provider(string name, GitLabAccessArgs args) => new Aws.Iam.OpenIdConnectProvider(
        name,
        new Aws.Iam.OpenIdConnectProviderArgs
        {
            Url = args.Settings.GitLab.Url,
            ClientIdLists = { args.Settings.GitLab.Url },
            Tags = args.Foundation.Scope.Tags.Named(args.Foundation.Scope.NameOf(name)),
        },
        new CustomResourceOptions { Parent = this }).Arn;

    private Aws.Iam.Role CreateRole(
        string name, string purpose, Output<string> provider, ImmutableArray<string> branches, ImmutableArray<string> tags, GitLabAccessArgs args)
    {
        var gitLab = args.Settings.GitLab;
        var scope = args.Foundation.Scope;
        var subjects = gitLab.Projects
            .SelectMany(project => branches.Select(branch => Subject(project, "branch", branch)).Concat(tags.Select(tag => Subject(project, "tag", tag))))
            .ToImmutableArray();
        return new Aws.Iam.Role(
            name,
            new Aws.Iam.RoleArgs
            {
                Name = scope.NameOf(name),
                Description = purpose,
                AssumeRolePolicy = provider.Apply(arn => PolicyDocument.Json(new PolicyStatement
                {
                    Sid = "Pipelines",
                    Principal = ("Federated", arn),
                    Actions = ["sts:AssumeRoleWithWebIdentity"],
                    Conditions =
                    [
                        PolicyCondition.Is($"{gitLab.Issuer}:aud", gitLab.Url),
                        new PolicyCondition("StringLike", $"{gitLab.Issuer}:sub", subjects),
                    ],
                })),
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
    }

    private static string Subject(string project, string type, string name) => $"project_path:{project}:ref_type:{type}:ref:{name}";

    // AWS knows no resource for this one: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    private static PolicyStatement SignIn() => new() { Sid = "RegistryLogin", Actions = ["ecr:GetAuthorizationToken"], Resources = ["*"] };

    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html, and reading: the image is tested after it was pushed.
    private static PolicyStatement Push(ImmutableArray<string> repositories) => new()
    {
        Sid = "PushImages",
        Actions =
        [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:DescribeImages",
            "ecr:DescribeImageScanFindings",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ],
        Resources = repositories,
    };
}
