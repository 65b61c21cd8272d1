namespace Pulumi;

/// <summary>Resolves aliases to URNs.</summary>
internal static class AliasUrn
{
    /// <summary>The URNs of a resource's own aliases, and of the former names of its parent with each of its own names.</summary>
    public static IEnumerable<Input<string>> All(List<Input<Alias>> aliases, string name, string type, Resource? parent)
    {
        foreach (var alias in aliases)
            yield return Collapse(alias, name, type, parent);
        if (parent is null)
            yield break;

        var parentName = parent.GetResourceName();
        foreach (var parentAlias in parent.AliasUrns)
        {
            yield return Urn.InheritedChildAlias(name, parentName, parentAlias, type);
            foreach (var alias in aliases)
            {
                yield return Collapse(alias, name, type, parent).Apply(
                    urn => Urn.InheritedChildAlias(Urn.Name(urn), parentName, parentAlias, Urn.Type(urn)));
            }
        }
    }

    /// <summary>The former URN: the alias's parts, and the present ones where it has none.</summary>
    /// <exception cref="ArgumentException">In the output: the alias contradicts itself.</exception>
    public static Output<string> Collapse(Input<Alias> alias, string name, string type, Resource? parent)
        => alias.Apply(former =>
        {
            if (former.Urn is not null)
            {
                RequireNothingButUrn(former);
                return Output.Create(former.Urn);
            }

            if ((former.Parent is null ? 0 : 1) + (former.ParentUrn is null ? 0 : 1) + (former.NoParent ? 1 : 0) > 1)
            {
                throw new ArgumentException(
                    $"Only specify one of '{nameof(Alias.Parent)}', '{nameof(Alias.ParentUrn)}' or '{nameof(Alias.NoParent)}' " +
                    $"in an {nameof(Alias)}");
            }

            var hasOtherParent = former.ParentUrn is not null || former.NoParent;
            return Urn.Create(
                former.Name ?? name,
                former.Type ?? type,
                former.Parent ?? (hasOtherParent ? null : parent),
                former.ParentUrn,
                former.Project ?? Deployment.Instance.ProjectName,
                former.Stack ?? Deployment.Instance.StackName);
        });

    private static void RequireNothingButUrn(Alias alias)
    {
        var conflict =
            alias.Name is not null ? nameof(Alias.Name)
            : alias.Type is not null ? nameof(Alias.Type)
            : alias.Project is not null ? nameof(Alias.Project)
            : alias.Stack is not null ? nameof(Alias.Stack)
            : alias.Parent is not null ? nameof(Alias.Parent)
            : alias.ParentUrn is not null ? nameof(Alias.ParentUrn)
            : alias.NoParent ? nameof(Alias.NoParent)
            : null;
        if (conflict is not null)
            throw new ArgumentException($"{nameof(Alias)} should not specify both {nameof(Alias.Urn)} and {conflict}");
    }
}
