namespace Pulumi;

/// <summary>An <see cref="Input{T}"/> of a type that does not matter.</summary>
internal interface IInput
{
    IOutput ToOutput();
}
