using Pulumi.Serialization;

namespace Pulumi;

/// <summary>An <see cref="Output{T}"/> of a type that does not matter.</summary>
internal interface IOutput
{
    Task<OutputData<object?>> GetDataAsync();

    Output<TResult> UntypedApply<TResult>(Func<object?, Output<TResult>> func);
}
