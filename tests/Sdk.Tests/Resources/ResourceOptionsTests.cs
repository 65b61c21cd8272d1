using System.Collections;
using System.Reflection;
using HaCluster.Sdk.Tests.Fakes;
using Pulumi;

namespace HaCluster.Sdk.Tests.Resources;

public sealed class ResourceOptionsTests
{
    /// <summary>Options with every property set, so that one that a copy or merge forgets shows.</summary>
    private static T Full<T>(string suffix) where T : ResourceOptions, new()
    {
        var options = new T();
        foreach (var property in typeof(T).GetProperties())
            property.SetValue(options, Sample(property, suffix));
        return options;
    }

    private static object? Sample(PropertyInfo property, string suffix)
    {
        var text = property.Name + suffix;
        var resource = new DependencyResource("urn:" + suffix);
        var samples = new Dictionary<Type, object?>
        {
            [typeof(string)] = text,
            [typeof(bool)] = suffix == "2",
            [typeof(Input<string>)] = (Input<string>)text,
            [typeof(Input<object>)] = (Input<object>)text,
            [typeof(List<string>)] = new List<string> { text },
            [typeof(Dictionary<string, string>)] = new Dictionary<string, string> { [suffix] = text },
            [typeof(Resource)] = resource,
            [typeof(InputList<Resource>)] = new InputList<Resource> { resource },
            [typeof(List<Input<Alias>>)] = new List<Input<Alias>> { new Alias { Name = suffix } },
            [typeof(List<ResourceTransformation>)] = new List<ResourceTransformation> { _ => null },
            [typeof(CustomTimeouts)] = new CustomTimeouts { Create = TimeSpan.FromSeconds(suffix.Length) },
            // Providers need a run, and have tests of their own.
            [typeof(ProviderResource)] = null,
            [typeof(List<ProviderResource>)] = new List<ProviderResource>(),
        };
        return samples[Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType];
    }

    private static async Task<object?[]> ItemsAsync(object? value) => value switch
    {
        null => [],
        string text => [text],
        IInput input => (await input.ToOutput().GetDataAsync()).Value is IEnumerable list and not string
            ? [.. list.Cast<object?>()]
            : [(await input.ToOutput().GetDataAsync()).Value],
        CustomTimeouts timeouts => [timeouts.Create, timeouts.Update, timeouts.Delete],
        IEnumerable list => [.. list.Cast<object?>()],
        _ => [value],
    };

    [Theory]
    [InlineData(typeof(CustomResourceOptions))]
    [InlineData(typeof(ComponentResourceOptions))]
    public async Task Merge_joins_lists_and_prefers_the_second_single_value_for_every_option(Type type)
    {
        ResourceOptions first, second, merged;
        if (type == typeof(CustomResourceOptions))
        {
            (first, second) = (Full<CustomResourceOptions>("1"), Full<CustomResourceOptions>("2"));
            merged = CustomResourceOptions.Merge((CustomResourceOptions)first, (CustomResourceOptions)second);
        }
        else
        {
            (first, second) = (Full<ComponentResourceOptions>("1"), Full<ComponentResourceOptions>("2"));
            merged = ComponentResourceOptions.Merge((ComponentResourceOptions)first, (ComponentResourceOptions)second);
        }

        foreach (var property in type.GetProperties())
        {
            var isList = property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable));
            object?[] expected = isList
                ? [.. await ItemsAsync(property.GetValue(first)), .. await ItemsAsync(property.GetValue(second))]
                : await ItemsAsync(property.GetValue(second));
            var actual = await ItemsAsync(property.GetValue(merged));
            Assert.True(expected.AsEnumerable().SequenceEqual(actual), $"{property.Name} is not merged");
        }
    }

    [Fact]
    public async Task Clone_has_every_option_and_lists_of_its_own()
    {
        var options = Full<CustomResourceOptions>("1");
        var clone = (CustomResourceOptions)options.Clone();
        foreach (var property in typeof(CustomResourceOptions).GetProperties())
        {
            var expected = await ItemsAsync(property.GetValue(options));
            var actual = await ItemsAsync(property.GetValue(clone));
            Assert.True(expected.AsEnumerable().SequenceEqual(actual), $"{property.Name} is not copied");
        }

        clone.IgnoreChanges.Add("x");
        clone.DependsOn.Add(new DependencyResource("urn:x"));
        clone.EnvVarMappings["x"] = "y";
        clone.CustomTimeouts!.Update = TimeSpan.FromSeconds(1);
        Assert.Single(options.IgnoreChanges);
        Assert.Single(await ItemsAsync(options.DependsOn));
        Assert.Single(options.EnvVarMappings);
        Assert.Null(options.CustomTimeouts!.Update);
    }

    [Fact]
    public void Merge_takes_null_for_nothing_and_leaves_its_arguments_alone()
    {
        var options = new CustomResourceOptions { Protect = true, IgnoreChanges = { "a" } };
        Assert.True(CustomResourceOptions.Merge(options, null).Protect);
        Assert.True(CustomResourceOptions.Merge(null, options).Protect);
        Assert.Null(CustomResourceOptions.Merge(null, null).Protect);
        CustomResourceOptions.Merge(options, options);
        Assert.Equal(["a"], options.IgnoreChanges);
    }

    [Fact]
    public async Task Of_providers_of_one_package_the_last_wins_in_its_place()
        => await ProgramRun.SucceedAsync(() =>
        {
            Cloud a1 = new("a1", package: "a"), b1 = new("b1", package: "b"), a2 = new("a2", package: "a"), c2 = new("c2", package: "c");
            var merged = ComponentResourceOptions.Merge(
                new ComponentResourceOptions { Providers = { a1, b1 } }, new ComponentResourceOptions { Providers = { a2, c2 } });
            Assert.Equal(["b1", "a2", "c2"], merged.Providers.Select(provider => provider.GetResourceName()));
        });
}
