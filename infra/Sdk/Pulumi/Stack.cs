using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi;

/// <summary>
/// The root of all resources. A program derives from it, makes its resources in the constructor and assigns its
/// <see cref="OutputAttribute"/> properties there.
/// </summary>
public class Stack : ComponentResource
{
    internal const string TypeToken = "pulumi:pulumi:Stack";

    public Stack(StackOptions? options = null)
        : base(TypeToken, $"{Deployment.Instance.ProjectName}-{Deployment.Instance.StackName}", ConvertOptions(options))
        => Deployment.Current.Stack = this;

    internal Stack(Func<Task<IDictionary<string, object?>>> program, StackOptions? options) : this(options)
    {
        Outputs = Output.Create(RunAsync(program));
        RegisterOutputs(Outputs);
    }

    internal Output<IDictionary<string, object?>> Outputs { get; private set; } =
        Output.Create<IDictionary<string, object?>>(ImmutableDictionary<string, object?>.Empty);

    /// <summary>Sends the values of the derived class's output properties.</summary>
    /// <exception cref="RunException">One has no value, or is no output.</exception>
    internal void RegisterPropertyOutputs()
    {
        var outputs = new Dictionary<string, object?>();
        foreach (var property in GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<OutputAttribute>() is { } attribute
                && property.DeclaringType?.IsAssignableFrom(typeof(Stack)) != true)
            {
                outputs.Add(attribute.Name ?? property.Name, property.GetValue(this));
            }
        }

        var unassigned = outputs.Where(output => output.Value is null).Select(output => output.Key).ToList();
        if (unassigned.Count > 0)
        {
            throw new RunException(
                $"Output(s) '{string.Join(", ", unassigned)}' have no value assigned. " +
                "[Output] attributed properties must be assigned inside Stack constructor.");
        }

        var wrong = outputs.Where(output => output.Value is not IOutput).Select(output => output.Key).ToList();
        if (wrong.Count > 0)
            throw RunException.OutputsHaveIncorrectType(wrong);

        Outputs = Output.Create<IDictionary<string, object?>>(outputs);
        RegisterOutputs(Outputs);
    }

    private static async Task<IDictionary<string, object?>> RunAsync(Func<Task<IDictionary<string, object?>>> program)
        => (await program()).ToImmutableDictionary();

    private static ComponentResourceOptions? ConvertOptions(StackOptions? options)
        => options is null ? null : new ComponentResourceOptions { ResourceTransformations = options.ResourceTransformations };
}

/// <summary>Options of a stack.</summary>
public class StackOptions
{
    /// <summary>Functions that may change the arguments and options of every resource of the stack.</summary>
    public List<ResourceTransformation> ResourceTransformations
    {
        get => field ??= [];
        set;
    }
}
