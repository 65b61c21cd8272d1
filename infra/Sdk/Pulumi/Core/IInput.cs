namespace Pulumi;

/// <summary>An <see cref="Input{T}"/> of a type that does not matter.</summary>
internal interface IInput
{
    IOutput ToOutput();
}

/// <summary>
/// An input whose elements are inputs. Serialized element by element, so that one unknown or secret element does not make the whole
/// collection so.
/// </summary>
internal interface INestedInput
{
    IOutput Elements { get; }
}
