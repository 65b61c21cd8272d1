using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>Converts objects to an <see cref="OutputTypeAttribute">output type</see>; looked up once per type.</summary>
internal sealed class OutputTypeConversion
{
    private static readonly ConcurrentDictionary<Type, OutputTypeConversion> Known = new();

    private readonly Type _type;
    private readonly ConstructorInfo? _constructor;
    private readonly ConstructorInvoker? _invoker;
    private readonly ImmutableArray<(string Name, string Context, Type Type)> _parameters = [];

    private OutputTypeConversion(Type type)
    {
        _type = type;
        if (!type.IsDefined(typeof(OutputTypeAttribute), inherit: false) || TargetType.FindConstructor(type) is not { } constructor)
            return;

        _constructor = constructor;
        _invoker = ConstructorInvoker.Create(constructor);
        _parameters = [.. constructor.GetParameters().Select(parameter => (
            parameter.GetCustomAttribute<OutputConstructorParameterAttribute>()?.Name ?? parameter.Name!,
            $"{type.FullName}({parameter.Name})",
            parameter.ParameterType))];
    }

    public static OutputTypeConversion Of(Type type) => Known.GetOrAdd(type, static key => new OutputTypeConversion(key));

    public Conversion TryConvert(Converter converter, string context, object value)
    {
        if (_constructor is null || _invoker is null)
            return new(null, $"Unexpected target type {_type.FullName} when deserializing {context}");
        if (value is not ImmutableDictionary<string, object?> properties)
            return Converter.Mismatch(context, value, typeof(ImmutableDictionary<string, object>));

        // What is missing, as an unknown is, becomes the default of its type.
        var arguments = new object?[_parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, parameterContext, type) = _parameters[i];
            arguments[i] = converter.ConvertOrWarn(parameterContext, properties.GetValueOrDefault(name), type);
        }

        return new(_invoker.Invoke(arguments.AsSpan()));
    }
}
