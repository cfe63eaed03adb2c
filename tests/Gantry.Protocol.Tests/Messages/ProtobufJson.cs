using System.Collections;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gantry.Protocol.Tests.Messages;

/// <summary>Writes a message as OTLP/JSON, by its descriptor, in all the spellings that the specification allows.</summary>
internal sealed class ProtobufJson(Random random)
{
    public string Write(IMessage message)
    {
        var text = new StringBuilder();
        Object(text, message);
        return text.ToString();
    }

    private void Object(StringBuilder text, IMessage message)
    {
        text.Append('{').Append(Space());
        var first = true;
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            var present = field.IsRepeated ? ((ICollection)value).Count > 0 : field.HasPresence ? field.Accessor.HasValue(message) : random.Next(2) == 0 || !IsDefault(value);
            if (present)
            {
                Name(text, field.JsonName, ref first);
                Value(text, field, value);
            }
            else if (random.Next(8) == 0)
            {
                Name(text, field.JsonName, ref first);
                text.Append("null");
            }
        }

        if (random.Next(8) == 0)
        {
            Name(text, "notAFieldOfThis", ref first);
            text.Append("""{"deep":[1,{"a":null},"x"]}""");
        }

        text.Append(Space()).Append('}');
    }

    private void Name(StringBuilder text, string name, ref bool first)
    {
        text.Append(first ? "" : ",").Append(Space());
        first = false;
        String(text, name);
        text.Append(Space()).Append(':').Append(Space());
    }

    private void Value(StringBuilder text, FieldDescriptor field, object value)
    {
        if (!field.IsRepeated)
        {
            Single(text, field, value);
            return;
        }

        text.Append('[');
        var first = true;
        foreach (var item in (IList)value)
        {
            text.Append(first ? "" : ",");
            first = false;
            Single(text, field, item);
        }

        text.Append(']');
    }

    private void Single(StringBuilder text, FieldDescriptor field, object value)
    {
        switch (value)
        {
            case IMessage nested:
                Object(text, nested);
                break;
            case string s:
                String(text, s);
                break;
            case bool b:
                text.Append(b ? "true" : "false");
                break;
            case ByteString bytes when field.Name.EndsWith("_id", StringComparison.Ordinal):
                text.Append('"').Append(random.Next(2) == 0 ? Convert.ToHexString(bytes.Span) : Convert.ToHexStringLower(bytes.Span)).Append('"');
                break;
            case ByteString bytes:
                text.Append('"').Append(Base64(bytes)).Append('"');
                break;
            case double d when !double.IsFinite(d):
                text.Append('"').Append(double.IsNaN(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity").Append('"');
                break;
            case double d:
                Number(text, d.ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                Number(text, ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>Standard or URL-safe, with or without padding.</summary>
    private string Base64(ByteString bytes) => random.Next(4) switch
    {
        0 => bytes.ToBase64().TrimEnd('='),
        1 => bytes.ToBase64().Replace('+', '-').Replace('/', '_'),
        2 => bytes.ToBase64().Replace('+', '-').Replace('/', '_').TrimEnd('='),
        _ => bytes.ToBase64(),
    };

    private void Number(StringBuilder text, string number) => text.Append(random.Next(2) == 0 ? number : $"\"{number}\"");

    private void String(StringBuilder text, string value)
    {
        var escapeAll = random.Next(8) == 0;
        text.Append('"');
        foreach (var c in value)
        {
            if (escapeAll || c is '"' or '\\' or < ' ')
            {
                text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(c);
            }
        }

        text.Append('"');
    }

    private string Space() => random.Next(8) == 0 ? " \n\t" : "";

    private static bool IsDefault(object value) => value switch
    {
        string s => s.Length == 0,
        ByteString b => b.IsEmpty,
        double d => BitConverter.DoubleToInt64Bits(d) == 0,
        bool b => !b,
        IConvertible number => number.ToDecimal(CultureInfo.InvariantCulture) == 0,
        _ => false,
    };
}
