using Gantry.Protocol.Wire;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>Fields by the type of their value. "Optional" as proto3 has it: there, also when it holds the default.</summary>
internal static class Field
{
    public static MessageField<T> Text<T>(int number, string name, Func<T, string> get, Action<T, string> set) =>
        new SingleField<T, string>(number, name, TextKind.Instance, message => get(message).Length > 0, get, set);

    public static MessageField<T> OptionalText<T>(int number, string name, Func<T, string?> get, Action<T, string> set) =>
        new SingleField<T, string>(number, name, TextKind.Instance, message => get(message) is not null, message => get(message) ?? "", set);

    public static MessageField<T> Flag<T>(int number, string name, Func<T, bool> get, Action<T, bool> set) =>
        new SingleField<T, bool>(number, name, FlagKind.Instance, get, get, set);

    public static MessageField<T> OptionalFlag<T>(int number, string name, Func<T, bool?> get, Action<T, bool> set) =>
        new SingleField<T, bool>(number, name, FlagKind.Instance, message => get(message).HasValue, message => get(message) ?? false, set);

    public static MessageField<T> Bytes<T>(int number, string name, Func<T, byte[]> get, Action<T, byte[]> set) =>
        new SingleField<T, byte[]>(number, name, BytesKind.Instance, message => get(message).Length > 0, get, set);

    public static MessageField<T> Enum<T, TEnum>(int number, string name, EnumKind<TEnum> kind, Func<T, TEnum> get, Action<T, TEnum> set)
        where TEnum : struct, Enum =>
        new SingleField<T, TEnum>(number, name, kind, message => !kind.IsDefault(get(message)), get, set);

    public static MessageField<T> OptionalEnum<T, TEnum>(int number, string name, EnumKind<TEnum> kind, Func<T, TEnum?> get, Action<T, TEnum> set)
        where TEnum : struct, Enum =>
        new SingleField<T, TEnum>(number, name, kind, message => get(message).HasValue, message => get(message) ?? kind.Default, set);

    public static MessageField<T> Time<T>(int number, string name, Func<T, Timestamp?> get, Action<T, Timestamp> set) =>
        new SingleField<T, Timestamp>(number, name, TimestampKind.Instance, message => get(message).HasValue, message => get(message) ?? default, set);

    public static MessageField<T> Message<T, TMessage>(int number, string name, Func<T, TMessage?> get, Action<T, TMessage> set)
        where TMessage : class, IWireMessage, IJsonMessage, new() =>
        new SingleField<T, TMessage>(number, name, MessageKind<TMessage>.Instance, message => get(message) is not null, get!, set);

    public static MessageField<T> Texts<T>(int number, string name, Func<T, List<string>> get) => new RepeatedField<T, string>(number, name, TextKind.Instance, get);

    public static MessageField<T> Messages<T, TMessage>(int number, string name, Func<T, List<TMessage>> get)
        where TMessage : class, IWireMessage, IJsonMessage, new() =>
        new RepeatedField<T, TMessage>(number, name, MessageKind<TMessage>.Instance, get);

    public static MessageField<T> TextMap<T>(int number, string name, Func<T, Dictionary<string, string>> get) =>
        new MapField<T, string>(number, name, TextKind.Instance, get);

    public static MessageField<T> MessageMap<T, TMessage>(int number, string name, Func<T, Dictionary<string, TMessage>> get)
        where TMessage : class, IWireMessage, IJsonMessage, new() =>
        new MapField<T, TMessage>(number, name, MessageKind<TMessage>.Instance, get);
}
