using System.Collections.Immutable;

namespace Pulumi;

/// <summary>Another stack, for its outputs.</summary>
public class StackReference : CustomResource
{
    public StackReference(string name, StackReferenceArgs? args = null, CustomResourceOptions? options = null)
        : base(
            "pulumi:pulumi:StackReference",
            name,
            new StackReferenceArgs { Name = args?.Name ?? name },
            CustomResourceOptions.Merge(options, new CustomResourceOptions { Id = args?.Name ?? name }))
    {
    }

    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>All outputs; secret if any one is.</summary>
    [Output("outputs")]
    public Output<ImmutableDictionary<string, object>> Outputs { get; private set; } = null!;

    [Output("secretOutputNames")]
    public Output<ImmutableArray<string>> SecretOutputNames { get; private set; } = null!;

    /// <summary>One output; secret only if the output itself is. Null if it does not exist.</summary>
    public Output<object?> GetOutput(Input<string> name)
        => Output.Tuple(name, (Input<ImmutableDictionary<string, object>>)Outputs)
            .Apply(both => both.Item2.GetValueOrDefault(both.Item1))
            .WithSecrecy(IsSecretOutputAsync(name))!;

    /// <summary>One output, secret only if it is itself.</summary>
    /// <exception cref="KeyNotFoundException">In the returned output: the stack has no output with this name.</exception>
    public Output<object> RequireOutput(Input<string> name)
        => Output.Tuple(name, (Input<string>)Name, (Input<ImmutableDictionary<string, object>>)Outputs)
            .Apply(all => all.Item3.TryGetValue(all.Item1, out var value)
                ? value
                : throw new KeyNotFoundException($"Required output '{all.Item1}' does not exist on stack '{all.Item2}'."))
            .WithSecrecy(IsSecretOutputAsync(name));

    /// <summary>One output, as a value.</summary>
    public async Task<StackReferenceOutputDetails> GetOutputDetailsAsync(string name)
    {
        var data = await GetOutput(name).DataTask;
        return data.IsSecret
            ? new StackReferenceOutputDetails { SecretValue = data.Value }
            : new StackReferenceOutputDetails { Value = data.Value };
    }

    /// <summary>One output as a plain value; null if it does not exist.</summary>
    /// <exception cref="InvalidOperationException">It is a secret.</exception>
    public async Task<object?> GetValueAsync(Input<string> name)
    {
        var data = await GetOutput(name).DataTask;
        return data.IsSecret
            ? throw new InvalidOperationException(
                "Cannot call 'GetOutputValueAsync' if the referenced stack has secret outputs. Use 'GetOutput' instead.")
            : data.Value;
    }

    /// <summary>One output, as a value.</summary>
    /// <exception cref="InvalidOperationException">It is a secret.</exception>
    /// <exception cref="KeyNotFoundException">The stack has no output with this name.</exception>
    public async Task<object> RequireValueAsync(Input<string> name)
    {
        var data = await RequireOutput(name).DataTask;
        return data.IsSecret
            ? throw new InvalidOperationException(
                "Cannot call 'RequireOutputValueAsync' if the referenced stack has secret outputs. Use 'RequireOutput' instead.")
            : data.Value;
    }

    private async Task<bool> IsSecretOutputAsync(Input<string> name)
    {
        var nameData = await name.ToOutput().DataTask;
        var secretNames = await SecretOutputNames.DataTask;

        // If either is unknown, the output is secret if any output of the stack is.
        return nameData.IsKnown && secretNames is { IsKnown: true, Value.IsDefault: false }
            ? secretNames.Value.Contains(nameData.Value)
            : (await Outputs.DataTask).IsSecret;
    }
}

public class StackReferenceArgs : ResourceArgs
{
    /// <summary>The stack's full name: <c>organization/project/stack</c>.</summary>
    [Input("name", required: true)]
    public Input<string>? Name { get; set; }
}

/// <summary>An output of another stack. If it does not exist, neither property is set.</summary>
public sealed class StackReferenceOutputDetails
{
    /// <summary>The value if it is not a secret.</summary>
    public object? Value { get; set; }

    /// <summary>The value if it is a secret.</summary>
    public object? SecretValue { get; set; }
}
