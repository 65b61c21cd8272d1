namespace HaCluster.Generator.Tests.Driver;

/// <summary>A small package in which every feature of the schema occurs once.</summary>
internal static class SampleSchema
{
    public const string Text = """
        {
          "name": "demo", "version": "1.2.3",
          "meta": {"moduleFormat": "(.*)(?:/[^/]*)"},
          "language": {"csharp": {"compatibility": "tfbridge20", "namespaces": {"autoscaling": "AutoScaling"}}},
          "provider": {
            "inputProperties": {
              "region": {"type": "string", "defaultInfo": {"environment": ["DEMO_REGION", "DEMO_DEFAULT_REGION"]}},
              "token": {"type": "string", "secret": true},
              "retries": {"type": "integer", "default": 3, "defaultInfo": {"environment": ["DEMO_RETRIES"]}},
              "endpoints": {"type": "array", "items": {"$ref": "#/types/demo:index/Endpoint:Endpoint"}}
            },
            "properties": {"region": {"type": "string"}, "token": {"type": "string", "secret": true}}
          },
          "resources": {
            "demo:autoscaling/group:Group": {
              "inputProperties": {
                "apiVersion": {"type": "string", "const": "v1"},
                "default": {"type": "string"},
                "name-prefix": {"type": "string"},
                "group": {"type": "string", "language": {"csharp": {"name": "GroupName"}}},
                "size": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
                "tier": {"oneOf": [{"type": "string"}, {"$ref": "#/types/demo:autoscaling/tier:Tier"}]},
                "weights": {"type": "object", "additionalProperties": {"type": "number"}},
                "secrets": {"type": "array", "items": {"type": "string"}, "secret": true},
                "rules": {"type": "array", "items": {"$ref": "#/types/demo:autoscaling/Rule:Rule"}},
                "script": {"$ref": "pulumi.json#/Asset"},
                "anything": {"$ref": "pulumi.json#/Any"},
                "document": {"$ref": "pulumi.json#/Json"},
                "old": {"type": "boolean", "deprecationMessage": "use \"tier\""}
              },
              "requiredInputs": ["rules", "size"],
              "properties": {
                "arn": {"type": "string"},
                "group": {"type": "string", "language": {"csharp": {"name": "GroupName"}}, "replaceOnChanges": true},
                "size": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
                "tier": {"oneOf": [{"type": "string"}, {"$ref": "#/types/demo:autoscaling/tier:Tier"}]},
                "rules": {"type": "array", "items": {"$ref": "#/types/demo:autoscaling/Rule:Rule"}},
                "count": {"type": "integer"},
                "secrets": {"type": "array", "items": {"type": "string"}, "secret": true},
                "old": {"type": "boolean", "deprecationMessage": "use \"tier\""}
              },
              "required": ["arn", "rules", "size"],
              "stateInputs": {"type": "object", "properties": {
                "arn": {"type": "string"},
                "rules": {"type": "array", "items": {"$ref": "#/types/demo:autoscaling/Rule:Rule"}}
              }},
              "aliases": [{"type": "demo:old/group:Group"}]
            }
          },
          "functions": {
            "demo:index/getThings:getThings": {
              "inputs": {"type": "object", "properties": {
                "filters": {"type": "array", "items": {"$ref": "#/types/demo:index/Filter:Filter"}},
                "limit": {"type": "integer"}
              }},
              "outputs": {"type": "object", "properties": {
                "filters": {"type": "array", "items": {"$ref": "#/types/demo:index/Filter:Filter"}},
                "id": {"type": "string"}
              }, "required": ["id"]}
            }
          },
          "types": {
            "demo:autoscaling/Rule:Rule": {"type": "object", "properties": {"port": {"type": "integer"}, "protocol": {"type": "string"}}, "required": ["port"]},
            "demo:index/Endpoint:Endpoint": {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]},
            "demo:index/Filter:Filter": {"type": "object", "properties": {"name": {"type": "string"}, "values": {"type": "array", "items": {"type": "string"}}}, "required": ["name"]},
            "demo:autoscaling/tier:Tier": {"type": "string", "enum": [{"name": "Basic", "value": "basic"}, {"value": "2x-large"}, {"name": "Equals", "value": "equals"}]}
          }
        }
        """;
}
