// Signing in and out.

export default {
  zh: {
    signInTitle: "登录",
    signInLead: "请输入管理员给你的令牌。登录到关闭浏览器为止，最长 12 小时。",
    token: "令牌",
    tokenWrong: "令牌无效。请检查是否完整，或向管理员索取新的。",
    signIn: "登录",
    signOut: "退出",
  },
  en: {
    signInTitle: "Sign in",
    signInLead:
      "Enter the token that whoever runs this service gave you. It lasts until the browser is closed, for 12 hours at most.",
    token: "Token",
    tokenWrong: "This token is not valid. Check that it is whole, or ask for a new one.",
    signIn: "Sign in",
    signOut: "Sign out",
  },
};
