namespace Pulumi.Serialization;

/// <summary>An output property of a resource, waiting for its value from the engine.</summary>
internal interface IOutputCompletionSource
{
    Type TargetType { get; }

    IOutput Output { get; }

    void SetString(string value, bool isKnown);

    void SetValue(OutputData<object?> data);

    void TrySetDefault(bool isKnown);

    void TrySetException(Exception exception);
}
