using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Identities;

/// <summary>Makes IAM roles that an AWS service takes on.</summary>
public static class ServiceRole
{
    /// <summary>A role for a service such as <c>eks</c>; only this account's resources may have it taken on.</summary>
    public static Aws.Iam.Role Create(string name, StackScope scope, string service, string purpose, Resource parent) => new(
        name,
        new Aws.Iam.RoleArgs
        {
            Name = scope.NameOf(name),
            Description = purpose,
            AssumeRolePolicy = scope.Account.Id.Apply(account => PolicyDocument.Json(new PolicyStatement
            {
                Sid = "Service",
                Principal = ("Service", $"{service}.amazonaws.com"),
                Actions = ["sts:AssumeRole"],
                Conditions = [PolicyCondition.Is("aws:SourceAccount", account)],
            })),
            Tags = scope.Tags.Named(scope.NameOf(name)),
        },
        new CustomResourceOptions { Parent = parent });
}
