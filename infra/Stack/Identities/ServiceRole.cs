using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Identities;

/// <summary>Creates IAM roles for AWS services.</summary>
public static class ServiceRole
{
    /// <summary>A role for a service such as <c>eks</c>, which may assume it only for one resource of this account.</summary>
    /// <param name="source">ARN of the resource; <c>*</c> in place of a part that is not known yet.</param>
    /// <remarks>
    /// Both conditions are those of https://docs.aws.amazon.com/eks/latest/userguide/cross-service-confused-deputy-prevention.html and
    /// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html.
    /// </remarks>
    public static Aws.Iam.Role Create(string name, StackScope scope, string service, string purpose, Output<string> source, Resource parent) => new(
        name,
        new Aws.Iam.RoleArgs
        {
            Name = scope.NameOf(name),
            Description = purpose,
            AssumeRolePolicy = Output.Tuple(scope.Account.Id, source).Apply(found => PolicyDocument.Json(new PolicyStatement
            {
                Sid = "AssumedByService",
                Principal = ("Service", $"{service}.amazonaws.com"),
                Actions = ["sts:AssumeRole"],
                Conditions = [PolicyCondition.Is("aws:SourceAccount", found.Item1), PolicyCondition.IsArn("aws:SourceArn", found.Item2)],
            })),
            Tags = scope.Tags.Named(scope.NameOf(name)),
        },
        new CustomResourceOptions { Parent = parent });
}
